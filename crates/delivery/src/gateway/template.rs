//! A gateway by an HTTP request of the operator's own making: method, address, headers and body with holes.

use super::filling::{Escape, Values, fill};
use super::message::{Content, Message, Way};
use super::outcome::{Outcome, of_status};
use super::settings::Fault;
use crate::outside::{Answer, BadAddress, Networks, address};
use regain_domain::Secret;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Client, Method, Request};
use serde_json::Value;
use std::ops::RangeInclusive;
use url::Url;

/// A gateway that takes a message by one HTTP request.
///
/// Holes are `{{ to }}` (E.164), `{{ to_digits }}` (without `+`), `{{ text }}`, `{{ code }}`, `{{ organisation }}`,
/// `{{ language }}` (a BCP 47 tag), `{{ reference }}` (the same for each attempt) and `{{ report_to }}`. What fills them
/// is escaped for the place that it stands in. There is no logic and there are no filters.
pub struct TemplateSettings {
    /// What it carries: SMS, `WhatsApp`. Calls need signed callbacks, which no template describes (R13, R36).
    pub carries: Vec<Way>,
    /// GET, POST or PUT.
    pub method: String,
    /// Where to. Holes only behind the host.
    pub url: String,
    /// Headers, such as `Authorization` with a token; values may have holes.
    pub headers: Vec<(String, Secret)>,
    /// What is sent.
    pub body: Body,
    /// The statuses that mean "taken", within 200 to 299.
    pub taken: RangeInclusive<u16>,
    /// JSON pointer (RFC 6901) to the message's id in the answer. If it is given, an answer without one is not a success.
    pub id_pointer: Option<String>,
}

/// The body of a templated request.
pub enum Body {
    /// None.
    Empty,
    /// `application/json`. Holes stand between quotation marks.
    Json(String),
    /// `application/x-www-form-urlencoded`.
    Form(String),
}

pub(super) struct Template {
    settings: TemplateSettings,
    method: Method,
}

impl Template {
    /// Checks the settings, and fills the templates once with values that would break out if they could.
    pub(super) fn new(settings: TemplateSettings, networks: &Networks) -> Result<Self, Fault> {
        let method = match settings.method.as_str() {
            "GET" => Method::GET,
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            _ => return Err(Fault::Method),
        };
        if settings.carries.contains(&Way::Call) {
            return Err(Fault::UnsignedCalls);
        }
        let is_success = *settings.taken.start() >= 200 && *settings.taken.end() <= 299 && !settings.taken.is_empty();
        if !is_success
            || settings
                .id_pointer
                .as_ref()
                .is_some_and(|pointer| !pointer.starts_with('/'))
        {
            return Err(Fault::Success);
        }
        // The host is fixed: a hole may only stand behind the slash that ends it.
        let fixed = settings.url.split("{{").next().unwrap_or_default();
        let (_, host) = fixed.split_once("://").ok_or(BadAddress::Form)?;
        if fixed != settings.url && !host.contains('/') {
            return Err(BadAddress::Form.into());
        }
        address(fixed, networks)?;
        let template = Self { settings, method };
        template.parts(&Values::trial())?;
        Ok(template)
    }

    /// Whether its settings say that it carries this.
    pub(super) fn carries(&self, way: Way) -> bool {
        self.settings.carries.contains(&way)
    }

    /// Writes the request.
    pub(super) fn request(&self, client: &Client, message: &Message<'_>) -> Result<Request, &'static str> {
        const UNFIT: &str = "the gateway's template does not fit this message";
        let (text, code, organisation) = match &message.content {
            Content::Sms { text } => (text.expose(), "", ""),
            Content::WhatsApp { code, organisation } => ("", code.expose(), *organisation),
            Content::Call { .. } => return Err(UNFIT),
        };
        let values = Values {
            to: message.to.e164(),
            to_digits: message.to.e164().trim_start_matches('+'),
            text,
            code,
            organisation,
            language: message.language.tag(),
            reference: message.reference,
            report_to: message.report_to.unwrap_or_default(),
        };
        let parts = self.parts(&values).map_err(|_| UNFIT)?;
        let mut request = client.request(self.method.clone(), parts.url);
        for (name, value) in parts.headers {
            request = request.header(name, value);
        }
        if let Some((kind, body)) = parts.body {
            request = request.header(CONTENT_TYPE, kind).body(body);
        }
        request.build().map_err(|_| UNFIT)
    }

    fn parts(&self, values: &Values<'_>) -> Result<Parts, Fault> {
        let filled =
            |part, escape, source: &str| fill(escape, source, values).map_err(|why| Fault::Template { part, why });
        let url = Url::parse(&filled("address", Escape::Percent, &self.settings.url)?).map_err(|_| BadAddress::Form)?;
        let mut headers = Vec::new();
        for (name, value) in &self.settings.headers {
            let unfit = |why: &str| Fault::Template {
                part: "header",
                why: why.to_owned(),
            };
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit("a name is not one"))?;
            let value = filled("header", Escape::Nothing, value.expose())?;
            let mut value = HeaderValue::from_str(&value).map_err(|_| unfit("a value is not plain text"))?;
            value.set_sensitive(true);
            headers.push((name, value));
        }
        let body = match &self.settings.body {
            Body::Empty => None,
            Body::Form(source) => Some((
                "application/x-www-form-urlencoded",
                filled("body", Escape::Percent, source)?,
            )),
            Body::Json(source) => {
                let body = filled("body", Escape::Json, source)?;
                if serde_json::from_str::<serde::de::IgnoredAny>(&body).is_err() {
                    let why = "filled, it is not JSON; holes stand between quotation marks".to_owned();
                    return Err(Fault::Template { part: "body", why });
                }
                Some(("application/json", body))
            }
        };
        Ok(Parts { url, headers, body })
    }

    /// What the answer means for the message.
    pub(super) fn outcome(&self, answer: &Answer) -> Outcome {
        if !self.settings.taken.contains(&answer.status) {
            return of_status(answer);
        }
        let Some(pointer) = &self.settings.id_pointer else {
            return Outcome::Taken { id: None, price: None };
        };
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let id = match body.pointer(pointer) {
            Some(Value::String(id)) if !id.is_empty() && id.len() <= 128 => Some(id.clone()),
            Some(Value::Number(id)) => Some(id.to_string()),
            Some(_) | None => None,
        };
        match id {
            Some(id) => Outcome::Taken {
                id: Some(id),
                price: None,
            },
            None => Outcome::Unknown {
                why: format!("the gateway answered {} without the id of the message", answer.status),
            },
        }
    }
}

struct Parts {
    url: Url,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<(&'static str, String)>,
}
