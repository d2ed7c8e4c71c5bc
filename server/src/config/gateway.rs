//! `gateways.<name>.*`: who carries messages to phones. What the keys mean together, `crate::gateways` sees to.

use super::text;
use ipnet::IpNet;
use regain_domain::{Cost, Secret};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// How a gateway is spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", try_from = "String")]
pub enum GatewayKind {
    /// By Twilio's REST API.
    #[default]
    Twilio,
    /// By an HTTP request from a template.
    Template,
}

/// What the body of a templated request is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", try_from = "String")]
pub enum BodyKind {
    /// `application/json`
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
}

/// One gateway.
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gateway {
    /// How it is spoken to.
    pub kind: GatewayKind,
    /// Its place: the lowest is asked first, of equal ones the first by name.
    pub order: u32,
    /// Where it is; without one, Twilio itself. Of a template the whole address, with holes behind the host.
    pub url: Option<String>,
    /// ISO 3166-1 codes of the countries that it serves; none for every one.
    #[serde(deserialize_with = "text::list")]
    pub countries: Vec<String>,
    /// Networks that it may be in besides public ones (R51).
    #[serde(deserialize_with = "text::networks")]
    pub allowed_networks: Vec<IpNet>,
    /// A PEM file with the authority that signed its certificate, if the system does not know it.
    pub ca_file: Option<PathBuf>,
    /// After how many seconds an attempt is given up.
    pub timeout_seconds: u64,
    /// What a text message costs, all parts together.
    pub price_sms: Option<Cost>,
    /// What a message of `WhatsApp` costs.
    pub price_whatsapp: Option<Cost>,
    /// What a call costs.
    pub price_call: Option<Cost>,
    /// Twilio: the account.
    pub account: String,
    /// Twilio: its auth token.
    #[serde(with = "text::hidden")]
    pub token: Option<Secret>,
    /// A file that holds the token instead.
    pub token_file: Option<PathBuf>,
    /// Twilio: who texts.
    pub sms_from: Option<String>,
    /// Twilio: who calls.
    pub call_from: Option<String>,
    /// Twilio: who writes by `WhatsApp`.
    pub whatsapp_from: Option<String>,
    /// Twilio: the approved templates, as `en=HX…`.
    #[serde(deserialize_with = "text::list")]
    pub whatsapp_contents: Vec<String>,
    /// Twilio: what fills their holes, `code` or `organisation`.
    #[serde(deserialize_with = "text::list")]
    pub whatsapp_variables: Vec<String>,
    /// Template: what it carries, `sms` or `whatsapp`.
    #[serde(deserialize_with = "text::list")]
    pub carries: Vec<String>,
    /// Template: GET, POST or PUT.
    pub method: String,
    /// Template: headers, one a line; a secret as a whole, since tokens stand there.
    #[serde(with = "text::hidden")]
    pub headers: Option<Secret>,
    /// A file that holds the headers instead.
    pub headers_file: Option<PathBuf>,
    /// Template: the body; a secret as well.
    #[serde(with = "text::hidden")]
    pub body: Option<Secret>,
    /// A file that holds the body instead.
    pub body_file: Option<PathBuf>,
    /// Template: what the body is.
    pub body_kind: BodyKind,
    /// Template: the lowest and highest status that mean "taken".
    pub taken_from: u16,
    /// The highest.
    pub taken_to: u16,
    /// Template: where the message's id stands in the answer, as a JSON pointer.
    pub id_pointer: Option<String>,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            kind: GatewayKind::default(),
            order: 0,
            url: None,
            countries: Vec::new(),
            allowed_networks: Vec::new(),
            ca_file: None,
            timeout_seconds: 10,
            price_sms: None,
            price_whatsapp: None,
            price_call: None,
            account: String::new(),
            token: None,
            token_file: None,
            sms_from: None,
            call_from: None,
            whatsapp_from: None,
            whatsapp_contents: Vec::new(),
            whatsapp_variables: vec!["code".to_owned(), "organisation".to_owned()],
            carries: vec!["sms".to_owned()],
            method: "POST".to_owned(),
            headers: None,
            headers_file: None,
            body: None,
            body_file: None,
            body_kind: BodyKind::default(),
            taken_from: 200,
            taken_to: 299,
            id_pointer: None,
        }
    }
}

impl TryFrom<String> for GatewayKind {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            "twilio" => Ok(Self::Twilio),
            "template" => Ok(Self::Template),
            _ => Err("expected \"twilio\" or \"template\""),
        }
    }
}

impl TryFrom<String> for BodyKind {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            "json" => Ok(Self::Json),
            "form" => Ok(Self::Form),
            _ => Err("expected \"json\" or \"form\""),
        }
    }
}
