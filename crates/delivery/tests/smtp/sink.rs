//! The server of the tests, and mails to send to it.

use crate::service::Service;
use regain_delivery::{Channel, Envelope, MailChannel, Outcome, SmtpSettings, Tls, message_id};
use regain_domain::brand::Brand;
use regain_domain::ids::{MessageId, TenantId};
use regain_domain::locale::Language;
use regain_domain::notice::{ChannelKind, Letter, LetterCode, Subject};
use regain_domain::{Secret, Timestamp};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

/// A running server; stopped when dropped.
pub(crate) struct Sink(Service);

impl Sink {
    pub(crate) fn start(options: &[&str]) -> Self {
        Self(Service::start("smtp.py", options))
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.fact("SMTP_PORT").parse().unwrap()
    }

    pub(crate) fn ca_file(&self) -> Option<PathBuf> {
        Some(self.0.fact("SMTP_CA_FILE"))
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
    }

    /// Settings that fit the server, with a short time.
    pub(crate) fn settings(&self, tls: Tls) -> SmtpSettings {
        SmtpSettings {
            ca_file: self.ca_file(),
            ..settings(self.port(), tls)
        }
    }

    pub(crate) fn channel(&self, tls: Tls) -> MailChannel {
        MailChannel::new(self.settings(tls)).unwrap()
    }

    pub(crate) fn fault(&self, fault: &Value) {
        self.side("PUT", "faults", &fault.to_string());
    }

    /// What arrived for a mailbox.
    pub(crate) fn messages(&self, to: &str) -> Vec<Value> {
        let body = self.side("GET", &format!("messages?to={to}"), "");
        serde_json::from_str(&body).unwrap()
    }

    fn side(&self, method: &str, path: &str, body: &str) -> String {
        self.0.side("SMTP_SIDE_URL", method, path, body)
    }
}

pub(crate) const PLAIN: Tls = Tls::None { allow_remote: false };

pub(crate) fn settings(port: u16, tls: Tls) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        tls,
        user: None,
        password: None,
        ca_file: None,
        from: "noreply@acorn.example".to_owned(),
        timeout: Duration::from_secs(10),
    }
}

pub(crate) fn with_login(settings: SmtpSettings, password: &str) -> SmtpSettings {
    SmtpSettings {
        user: Some("regain".to_owned()),
        password: Some(Secret::new(password.to_owned())),
        ..settings
    }
}

pub(crate) fn letter() -> Letter {
    Letter::ResetCode {
        code: LetterCode::new("481516".to_owned()),
        subject: Subject::Reset,
        expires_at: Timestamp::from_ms(1_795_272_120_000),
        reference: "K7QM-2XWD".to_owned(),
        network: "192.0.2.7".to_owned(),
    }
}

/// The envelope of outbox row `row`.
pub(crate) fn envelope(to: &str, row: u128) -> Envelope {
    Envelope {
        tenant: TenantId(uuid::Uuid::nil()),
        channel: ChannelKind::Mail,
        to: to.to_owned(),
        message_id: message_id(MessageId(uuid::Uuid::from_u128(row)), "reset.acorn.example"),
        at: Timestamp::from_ms(1_795_271_520_000),
        time_left: Duration::from_mins(10),
        language: Language::Ar,
        reference: None,
        base_url: "https://reset.acorn.example".to_owned(),
        brand: Brand::named("Käse Works"),
    }
}

pub(crate) async fn send(channel: &MailChannel, to: &str, row: u128) -> Outcome {
    channel.deliver(&letter(), &envelope(to, row)).await
}

/// The reason of an outcome that is to be tried again.
pub(crate) fn later(outcome: Outcome) -> String {
    match outcome {
        Outcome::Later { why, after: None } => why,
        other => panic!("{other:?}"),
    }
}

/// A fault that refuses `to` with `code`, `count` times.
pub(crate) fn reject(code: u16, at: &str, to: &str, count: u32) -> Value {
    let text = format!("5.1.1 <{to}> has no mailbox for code 481516");
    json!({"fault": "reject", "code": code, "at": at, "to": to, "count": count, "text": text})
}
