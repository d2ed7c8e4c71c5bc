//! Twilio's REST API, which other gateways offer as well: SMS, `WhatsApp` and calls. Version 2010-04-01.

use super::message::{Content, Message, Script, Way};
use super::outcome::{Outcome, Price, not_taken, of_status};
use super::settings::Fault;
use crate::outside::{Answer, Networks, address};
use regain_domain::Secret;
use regain_domain::locale::Language;
use reqwest::{Client, Request};
use serde_json::{Map, Value};
use url::Url;

/// How long a phone rings, and how long a call may last once it was answered (`security.md` §2), in seconds.
const RING_SECONDS: &str = "90";
const CALL_SECONDS: &str = "120";
/// Longest document that a call may carry, in characters.
const MOST_TWIML: usize = 4000;
/// Seconds for which a message may wait in the gateway's queue: fewer or more are refused.
const QUEUE_SECONDS: std::ops::RangeInclusive<u64> = 1..=36_000;
/// What is reported of a call.
const CALL_EVENTS: [&str; 4] = ["initiated", "ringing", "answered", "completed"];
/// Half a second before the extension is dialled, each.
const PAUSE: &str = "wwww";

/// Refusals that are about this account, its senders or its rights, and not about the message: another gateway may do
/// better, and this one once its operator has mended it. See <https://www.twilio.com/docs/api/errors>.
const OF_THE_ACCOUNT: [u64; 27] = [
    20003, // login
    20005, 20006, 20008, 20404, // account not active, not allowed, a test one, not there
    20429, // too many requests, none of them processed
    21210, 21212, 21213, // the caller's number
    21215, 21216, 21408, // no right to this country
    21219, 21608, // a trial account, and a number that it has not proved
    21603, 21606, 21611, 21612, 21659, 21660, 21703, // the sender, or its queue
    21654, 21655, 21656, // the template
    30001, 30002, // queue full, account suspended
    63007, // the WhatsApp sender
];

/// A gateway that speaks as Twilio does. It carries what it has a sender for.
pub struct TwilioSettings {
    /// Where it is: `https://api.twilio.com` unless it is another one.
    pub base_url: String,
    /// The account's id, the user of the login.
    pub account: String,
    /// The auth token: password of the login and key of the callbacks' signatures (R36).
    pub token: Secret,
    /// Who texts: a number, a name, or a messaging service's id, `MG…`.
    pub sms_from: Option<String>,
    /// Who writes by `WhatsApp`.
    pub whatsapp: Option<WhatsAppSettings>,
    /// Who calls: a number.
    pub call_from: Option<String>,
}

/// `WhatsApp` lets a house begin a conversation by an approved template only.
pub struct WhatsAppSettings {
    /// The sender: a number.
    pub from: String,
    /// The template's id, `HX…`, by language; the first one where the person's is missing.
    pub contents: Vec<(Language, String)>,
    /// What fills its holes `{{1}}`, `{{2}}` and so on.
    pub variables: Vec<Variable>,
}

/// A value for a template's hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// The code.
    Code,
    /// Who sends it.
    Organisation,
}

pub(super) struct Twilio {
    settings: TwilioSettings,
    messages: Url,
    calls: Url,
}

impl Twilio {
    /// Checks the settings.
    pub(super) fn new(settings: TwilioSettings, networks: &Networks) -> Result<Self, Fault> {
        let base = address(&settings.base_url, networks)?;
        let is_word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_word(&settings.account) || settings.token.is_empty() {
            return Err(Fault::Login);
        }
        if settings.sms_from.as_ref().is_some_and(|from| from.trim().is_empty()) {
            return Err(Fault::Sender("sms_from"));
        }
        if settings.call_from.as_ref().is_some_and(|from| !is_number(from)) {
            return Err(Fault::Sender("call_from"));
        }
        if let Some(whatsapp) = &settings.whatsapp {
            if !is_number(&whatsapp.from) {
                return Err(Fault::Sender("whatsapp.from"));
            }
            if whatsapp.contents.is_empty() || whatsapp.contents.iter().any(|(_, sid)| sid.is_empty()) {
                return Err(Fault::NoContent);
            }
        }
        let account = format!("2010-04-01/Accounts/{}", settings.account);
        let under = |what: &str| {
            let mut url = base.clone();
            url.set_query(None);
            url.set_fragment(None);
            url.set_path(&format!("{}/{account}/{what}.json", base.path().trim_end_matches('/')));
            url
        };
        Ok(Self {
            messages: under("Messages"),
            calls: under("Calls"),
            settings,
        })
    }

    /// Whether it has a sender for this.
    pub(super) fn carries(&self, way: Way) -> bool {
        match way {
            Way::Sms => self.settings.sms_from.is_some(),
            Way::WhatsApp => self.settings.whatsapp.is_some(),
            Way::Call => self.settings.call_from.is_some(),
        }
    }

    /// The key of the callbacks' signatures.
    pub(super) fn key(&self) -> &Secret {
        &self.settings.token
    }

    /// Writes the request.
    pub(super) fn request(&self, client: &Client, message: &Message<'_>) -> Result<Request, &'static str> {
        let url = match message.content.way() {
            Way::Call => &self.calls,
            Way::Sms | Way::WhatsApp => &self.messages,
        };
        let fields = self.fields(message)?;
        client
            .post(url.clone())
            .basic_auth(&self.settings.account, Some(self.settings.token.expose()))
            .form(&fields)
            .build()
            .map_err(|_| "the request to the gateway could not be written")
    }

    fn fields(&self, message: &Message<'_>) -> Result<Vec<(&'static str, String)>, &'static str> {
        const NO_SENDER: &str = "the gateway has no sender for this";
        let to = message.to.e164().to_owned();
        let mut fields = match &message.content {
            Content::Sms { text } => {
                let from = self.settings.sms_from.clone().ok_or(NO_SENDER)?;
                let kind = if from.starts_with("MG") {
                    "MessagingServiceSid"
                } else {
                    "From"
                };
                vec![("To", to), (kind, from), ("Body", text.expose().to_owned())]
            }
            Content::WhatsApp { code, organisation } => {
                let settings = self.settings.whatsapp.as_ref().ok_or(NO_SENDER)?;
                let mut fields = vec![
                    ("To", format!("whatsapp:{to}")),
                    ("From", format!("whatsapp:{}", settings.from)),
                ];
                fields.push(("ContentSid", settings.content(message.language).ok_or(NO_SENDER)?));
                fields.push(("ContentVariables", settings.values(code, organisation)));
                fields
            }
            Content::Call { script } => {
                let from = self.settings.call_from.clone().ok_or(NO_SENDER)?;
                let mut fields = vec![("To", to), ("From", from), script_field(script)?];
                fields.extend(
                    message
                        .to
                        .extension()
                        .map(|digits| ("SendDigits", format!("{PAUSE}{digits}"))),
                );
                fields.extend([
                    ("Timeout", RING_SECONDS.to_owned()),
                    ("TimeLimit", CALL_SECONDS.to_owned()),
                ]);
                fields
            }
        };
        if message.content.way() != Way::Call {
            let seconds = message
                .valid_for
                .as_secs()
                .clamp(*QUEUE_SECONDS.start(), *QUEUE_SECONDS.end());
            fields.push(("ValidityPeriod", seconds.to_string()));
        }
        if let Some(report_to) = message.report_to {
            fields.push(("StatusCallback", report_to.to_owned()));
            if message.content.way() == Way::Call {
                fields.extend(CALL_EVENTS.map(|event| ("StatusCallbackEvent", event.to_owned())));
            }
        }
        Ok(fields)
    }
}

impl WhatsAppSettings {
    fn content(&self, language: Language) -> Option<String> {
        let own = self.contents.iter().find(|(of, _)| *of == language);
        own.or(self.contents.first()).map(|(_, sid)| sid.clone())
    }

    /// The holes' values as JSON, by their numbers from 1 on.
    fn values(&self, code: &Secret, organisation: &str) -> String {
        let mut values = Map::new();
        for (n, variable) in (1..).zip(&self.variables) {
            let value = match variable {
                Variable::Code => code.expose(),
                Variable::Organisation => organisation,
            };
            values.insert(n.to_string(), Value::from(value));
        }
        Value::Object(values).to_string()
    }
}

fn is_number(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn script_field(script: &Script<'_>) -> Result<(&'static str, String), &'static str> {
    match script {
        Script::Inline(document) if document.chars().count() > MOST_TWIML => Err("the call's document is too long"),
        Script::Inline(document) => Ok(("Twiml", (*document).to_owned())),
        Script::At(url) => Ok(("Url", (*url).to_owned())),
    }
}

/// What the answer means for the message. Others than Twilio may leave fields out, or write them in another type.
pub(super) fn outcome(answer: &Answer) -> Outcome {
    let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |name: &str| said.get(name).and_then(Value::as_str);
    let status = answer.status;
    if (200..300).contains(&status) {
        let price = text("price").zip(text("price_unit"));
        return Outcome::Taken {
            id: text("sid").filter(|sid| is_id(sid)).map(str::to_owned),
            price: price.and_then(|(amount, currency)| Price::parse(amount, currency)),
        };
    }
    match said.get("code").and_then(Value::as_u64) {
        Some(code) if (400..500).contains(&status) && status != 429 => {
            let why = format!("the gateway refused it: {status}, error {code}");
            if OF_THE_ACCOUNT.contains(&code) {
                not_taken(why)
            } else {
                Outcome::Refused { why }
            }
        }
        Some(_) | None => of_status(answer),
    }
}

/// `SM…`, `MM…`, `CA…`: 34 characters at Twilio, other lengths elsewhere.
fn is_id(sid: &str) -> bool {
    (1..=64).contains(&sid.len())
        && sid
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
