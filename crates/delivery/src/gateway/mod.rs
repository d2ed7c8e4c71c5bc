//! Gateways to phones: SMS, `WhatsApp` and calls, asked in their order. Keeps no queue and decides no repetition.

pub mod callback;
mod channel;
mod filling;
mod message;
mod outcome;
mod settings;
mod template;
pub mod text;
mod twilio;
pub mod twiml;
mod words;

pub use channel::{GatewayChannel, call_script, call_url};
pub use message::{Content, Message, Script, Way};
pub use outcome::{Outcome, Price};
pub use settings::{Fault, GatewayError, GatewayKind, GatewaySettings, Prices};
pub use template::{Body, TemplateSettings};
pub use twilio::{TwilioSettings, Variable, WhatsAppSettings};

use crate::outside::{Broken, Line, Networks};
use callback::Fields;
use outcome::not_taken;
use regain_domain::Cost;
use regain_domain::tenant::Ways;
use template::Template;
use twilio::Twilio;

/// Most gateways: each takes 10 s at most, so that all fit into the outbox's lease of 60 s (R34).
const MOST: usize = 5;

/// All gateways, the preferred one first.
pub struct Gateways {
    all: Vec<Gateway>,
}

/// What became of a message, and at which gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The name of the gateway whose outcome this is. Empty where none carries such a message.
    pub gateway: String,
    /// How it ended there.
    pub outcome: Outcome,
}

struct Gateway {
    name: String,
    countries: Vec<String>,
    prices: Prices,
    line: Line,
    kind: Kind,
}

enum Kind {
    Twilio(Twilio),
    Template(Template),
}

impl Gateways {
    /// Checks the settings; connects at the first message. The order is that of preference.
    pub fn new(settings: Vec<GatewaySettings>) -> Result<Self, GatewayError> {
        let mut all: Vec<Gateway> = Vec::new();
        for one in settings {
            let name = one.name.clone();
            let found = if all.iter().any(|other| other.name == name) {
                Err(Fault::Twice)
            } else if all.len() == MOST {
                Err(Fault::TooMany(MOST))
            } else {
                Gateway::new(one)
            };
            match found {
                Ok(gateway) => all.push(gateway),
                Err(fault) => return Err(GatewayError { gateway: name, fault }),
            }
        }
        Ok(Self { all })
    }

    /// Whether some gateway carries this, into this country where one is named.
    pub fn carry(&self, way: Way, country: Option<&str>) -> bool {
        self.all.iter().any(|gateway| gateway.carries(way, country))
    }

    /// Which ways there are at all.
    pub fn ways(&self) -> Ways {
        Ways {
            sms: self.carry(Way::Sms, None),
            whatsapp: self.carry(Way::WhatsApp, None),
            call: self.carry(Way::Call, None),
        }
    }

    /// The highest price that this may have: whichever gateway takes it, it asks for no more. R20.
    pub fn dearest(&self, way: Way, country: Option<&str>) -> Cost {
        let carrying = self.all.iter().filter(|gateway| gateway.carries(way, country));
        carrying.map(|gateway| gateway.prices.of(way)).max().unwrap_or_default()
    }

    /// The price at one of them, by name.
    pub fn price(&self, gateway: &str, way: Way) -> Cost {
        let found = self.all.iter().find(|one| one.name == gateway);
        found.map_or(Cost::ZERO, |gateway| gateway.prices.of(way))
    }

    /// The gateway that signed a callback, by name. `url` is the public address that it was given. R36.
    ///
    /// Every key is tried. That it is the gateway of this very attempt is for the caller to see.
    pub fn signer(&self, url: &str, fields: &Fields, signature: &str) -> Option<&str> {
        let mut signers = self.all.iter().filter(|gateway| match &gateway.kind {
            Kind::Twilio(twilio) => callback::is_signed(twilio.key(), url, fields, signature),
            Kind::Template(_) => false,
        });
        signers.next().map(|gateway| gateway.name.as_str())
    }

    /// Offers the message to one gateway after the other until one says more than "not taken".
    ///
    /// Nothing is known of an attempt that was dropped in the middle: it counts as [`Outcome::Unknown`] (R34).
    pub async fn send(&self, message: &Message<'_>) -> Sent {
        let (way, country) = (message.content.way(), message.to.country());
        let mut reasons = Vec::new();
        let mut soonest = None;
        let mut last = String::new();
        for gateway in self.all.iter().filter(|one| one.carries(way, country.as_deref())) {
            last.clone_from(&gateway.name);
            match gateway.send(message).await {
                Outcome::NotTaken { why, after } => {
                    reasons.push(format!("{}: {why}", gateway.name));
                    soonest = soonest.into_iter().chain(after).min();
                }
                outcome => return Sent { gateway: last, outcome },
            }
        }
        let outcome = if reasons.is_empty() {
            let why = format!(
                "no gateway carries {} to {}",
                way.code(),
                country.as_deref().unwrap_or("this number")
            );
            Outcome::Refused { why }
        } else {
            Outcome::NotTaken {
                why: reasons.join("; "),
                after: soonest,
            }
        };
        Sent { gateway: last, outcome }
    }
}

impl Gateway {
    fn new(settings: GatewaySettings) -> Result<Self, Fault> {
        settings.check()?;
        let networks = Networks::new(&settings.allowed_networks);
        let kind = match settings.kind {
            GatewayKind::Twilio(twilio) => Kind::Twilio(Twilio::new(twilio, &networks)?),
            GatewayKind::Template(template) => Kind::Template(Template::new(template, &networks)?),
        };
        let gateway = Self {
            line: Line::new("the gateway", &networks, settings.ca_file.as_deref(), settings.timeout)?,
            name: settings.name,
            countries: settings.countries,
            prices: settings.prices,
            kind,
        };
        if Way::ALL.into_iter().any(|way| gateway.carries(way, None)) {
            Ok(gateway)
        } else {
            Err(Fault::CarriesNothing)
        }
    }

    fn carries(&self, way: Way, country: Option<&str>) -> bool {
        let serves = |country: &str| self.countries.iter().any(|code| code.eq_ignore_ascii_case(country));
        let has_way = match &self.kind {
            Kind::Twilio(twilio) => twilio.carries(way),
            Kind::Template(template) => template.carries(way),
        };
        has_way && (self.countries.is_empty() || country.is_none_or(serves))
    }

    async fn send(&self, message: &Message<'_>) -> Outcome {
        let request = match &self.kind {
            Kind::Twilio(twilio) => twilio.request(self.line.client(), message),
            Kind::Template(template) => template.request(self.line.client(), message),
        };
        let request = match request {
            Ok(request) => request,
            Err(why) => return Outcome::Refused { why: why.to_owned() },
        };
        match (self.line.ask(request).await, &self.kind) {
            (Ok(answer), Kind::Twilio(_)) => twilio::outcome(&answer),
            (Ok(answer), Kind::Template(template)) => template.outcome(&answer),
            (Err(Broken::NotSent(why)), _) => not_taken(why),
            (Err(Broken::Lost(why)), _) => Outcome::Unknown { why },
        }
    }
}
