//! The stand-in gateway of the tests, and messages to send by it.

use crate::service::Service;
use regain_delivery::gateway::{
    Content, GatewayKind, GatewaySettings, Gateways, Message, Prices, Script, Sent, TwilioSettings, Variable,
    WhatsAppSettings,
};
use regain_delivery::phone::Number;
use regain_domain::locale::Language;
use regain_domain::{Cost, Secret};
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;

/// Whom the tests write to.
pub(crate) const TO: &str = "+420601123456";
/// The template that the stand-in knows once it was started with [`TEMPLATE`].
pub(crate) const CONTENT: &str = "HX0123456789abcdef";
/// The option that tells it.
pub(crate) const TEMPLATE: [&str; 2] = ["--template", "HX0123456789abcdef={{1}} is your code at {{2}}."];

/// A running gateway; stopped when dropped.
pub(crate) struct Fake(Service);

impl Fake {
    pub(crate) fn start(options: &[&str]) -> Self {
        Self(Service::start("gateway.py", options))
    }

    pub(crate) fn fact(&self, name: &str) -> &str {
        self.0.fact(name)
    }

    /// Settings that fit it.
    pub(crate) fn settings(&self, name: &str) -> GatewaySettings {
        GatewaySettings {
            ca_file: Some(self.fact("GATEWAY_CA_FILE"))
                .filter(|path| !path.is_empty())
                .map(PathBuf::from),
            ..settings(name, GatewayKind::Twilio(self.twilio()))
        }
    }

    pub(crate) fn twilio(&self) -> TwilioSettings {
        TwilioSettings {
            base_url: self.fact("GATEWAY_URL").to_owned(),
            account: self.fact("GATEWAY_ACCOUNT").to_owned(),
            token: self.token(),
            sms_from: Some(self.fact("GATEWAY_SMS_FROM").to_owned()),
            whatsapp: Some(WhatsAppSettings {
                from: self
                    .fact("GATEWAY_WHATSAPP_FROM")
                    .trim_start_matches("whatsapp:")
                    .to_owned(),
                contents: vec![(Language::En, CONTENT.to_owned())],
                variables: vec![Variable::Code, Variable::Organisation],
            }),
            call_from: Some(self.fact("GATEWAY_SMS_FROM").to_owned()),
        }
    }

    pub(crate) fn token(&self) -> Secret {
        Secret::new(self.fact("GATEWAY_TOKEN").to_owned())
    }

    pub(crate) fn gateways(&self) -> Gateways {
        Gateways::new(vec![self.settings("north")]).unwrap()
    }

    /// Sets a fault, an answer or an outcome.
    pub(crate) fn put(&self, what: &str, value: &Value) {
        self.side("PUT", what, &value.to_string());
    }

    /// `messages` or `calls` to a number that arrived so far.
    pub(crate) fn list(&self, what: &str, to: &str) -> Vec<Value> {
        serde_json::from_str(&self.side("GET", &format!("{what}?to={to}"), "")).unwrap()
    }

    fn side(&self, method: &str, path: &str, body: &str) -> String {
        self.0.side("GATEWAY_SIDE_URL", method, path, body)
    }
}

/// Settings of a gateway on this machine.
pub(crate) fn settings(name: &str, kind: GatewayKind) -> GatewaySettings {
    GatewaySettings {
        name: name.to_owned(),
        countries: Vec::new(),
        allowed_networks: vec!["127.0.0.0/8".parse().unwrap()],
        ca_file: None,
        timeout: Duration::from_secs(10),
        prices: Prices {
            sms: Cost::of_micros(80_000),
            ..Prices::default()
        },
        kind,
    }
}

/// Sends a content to a number as it stands in a row.
pub(crate) async fn send_to(gateways: &Gateways, to: &str, content: Content<'_>, report_to: Option<&str>) -> Sent {
    let message = Message {
        to: &Number::of_row(to).unwrap(),
        language: Language::De,
        reference: "0190f3c2-0000-7000-8000-000000000001",
        report_to,
        valid_for: Duration::from_mins(5),
        content,
    };
    gateways.send(&message).await
}

/// Texts [`TO`].
pub(crate) async fn text(gateways: &Gateways) -> Sent {
    let text = Secret::new("Käse & Wein: 481516".to_owned());
    send_to(gateways, TO, Content::Sms { text: &text }, None).await
}

/// Writes to [`TO`] by `WhatsApp`.
pub(crate) async fn write(gateways: &Gateways) -> Sent {
    let content = Content::WhatsApp {
        code: &Secret::new("481516".to_owned()),
        organisation: "Käse \"&\" Wein",
    };
    send_to(gateways, TO, content, None).await
}

/// Calls [`TO`].
pub(crate) async fn call(gateways: &Gateways, script: Script<'_>, report_to: &str) -> Sent {
    send_to(gateways, TO, Content::Call { script }, Some(report_to)).await
}
