//! What an operator says about a gateway, and why it cannot be used.

use super::message::Way;
use super::template::TemplateSettings;
use super::twilio::TwilioSettings;
use crate::outside::{BadAddress, Unusable};
use ipnet::IpNet;
use regain_domain::Cost;
use std::path::PathBuf;
use std::time::Duration;

/// Longest time for one attempt; all gateways together stay below the lease of the outbox.
pub(super) const LONGEST: Duration = Duration::from_secs(10);

/// One gateway.
pub struct GatewaySettings {
    /// Its name for administrators and rows: small letters, digits and hyphens, 32 at most.
    pub name: String,
    /// ISO 3166-1 codes of the countries that it serves. Empty: every one.
    pub countries: Vec<String>,
    /// Networks that it may be reached in besides public ones (R51).
    pub allowed_networks: Vec<IpNet>,
    /// PEM file with the authorities to be trusted, in place of the system's.
    pub ca_file: Option<PathBuf>,
    /// The longest that one attempt may take: 10 s at most.
    pub timeout: Duration,
    /// What it asks for, where it doesn't tell the price of a message itself.
    pub prices: Prices,
    /// How it is spoken to.
    pub kind: GatewayKind,
}

/// What one message costs, all of its parts together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Prices {
    /// A text message.
    pub sms: Cost,
    /// A message of `WhatsApp`.
    pub whatsapp: Cost,
    /// A call.
    pub call: Cost,
}

impl Prices {
    /// The price of a way.
    pub(super) const fn of(&self, way: Way) -> Cost {
        match way {
            Way::Sms => self.sms,
            Way::WhatsApp => self.whatsapp,
            Way::Call => self.call,
        }
    }
}

/// How a gateway is spoken to.
pub enum GatewayKind {
    /// By Twilio's REST API, which others offer as well.
    Twilio(TwilioSettings),
    /// By an HTTP request from a template.
    Template(TemplateSettings),
}

/// Why a gateway cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("gateway {gateway}: {fault}")]
pub struct GatewayError {
    /// Its name.
    pub gateway: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a gateway's settings.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No name that could stand in a row.
    #[error("the name has to be small letters, digits and hyphens, 32 at most")]
    Name,
    /// Two of one name.
    #[error("another gateway has the same name")]
    Twice,
    /// More than could be asked within one lease.
    #[error("there are too many gateways; {0} is the most")]
    TooMany(usize),
    /// No time, or too much of it.
    #[error("`timeout` has to be between 1 ms and 10 s")]
    Timeout,
    /// Not a country.
    #[error("`countries` has to list ISO 3166-1 codes of two letters, and has: {0}")]
    Country(String),
    /// Where it is.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// Account or token missing or in no form for a login.
    #[error("account and token are needed")]
    Login,
    /// A sender that the gateway would not take.
    #[error("{0} has to be a number in international form, such as +4930123456")]
    Sender(&'static str),
    /// Nothing to do for it.
    #[error("it carries nothing: name a sender, or what it carries")]
    CarriesNothing,
    /// A way whose callbacks would not be signed.
    #[error("calls need a gateway that signs its callbacks")]
    UnsignedCalls,
    /// A template for `WhatsApp` is missing.
    #[error("WhatsApp needs at least one template")]
    NoContent,
    /// The method of a templated request.
    #[error("`method` has to be GET, POST or PUT")]
    Method,
    /// The success rule of a templated request.
    #[error("`taken` has to lie within 200 to 299, and the pointer has to begin with /")]
    Success,
    /// A template that cannot be filled. Never shows it: it may hold a token.
    #[error("the template of the {part} cannot be used: {why}")]
    Template {
        /// Which.
        part: &'static str,
        /// What the engine says.
        why: String,
    },
    /// What is needed to ask it.
    #[error(transparent)]
    Line(#[from] Unusable),
}

impl GatewaySettings {
    /// What holds for every kind.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || self.name.len() > 32 || !self.name.chars().all(is_plain) {
            return Err(Fault::Name);
        }
        if self.timeout < Duration::from_millis(1) || self.timeout > LONGEST {
            return Err(Fault::Timeout);
        }
        let is_code = |code: &&String| code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic());
        match self.countries.iter().find(|code| !is_code(code)) {
            Some(other) => Err(Fault::Country(other.clone())),
            None => Ok(()),
        }
    }
}
