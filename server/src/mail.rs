//! The mail channel out of the settings.

use crate::config::{Mail, MailTls};
use anyhow::Context;
use regain_delivery::{MailChannel, SmtpSettings, Tls};
use regain_domain::Secret;
use std::time::Duration;

/// Checks the settings; connects at the first mail.
pub(crate) fn channel(mail: &Mail) -> anyhow::Result<MailChannel> {
    let settings = SmtpSettings {
        host: mail.host.clone(),
        port: mail.port(),
        tls: match mail.tls {
            MailTls::Starttls => Tls::Starttls,
            MailTls::Implicit => Tls::Implicit,
            MailTls::None => Tls::None { allow_remote: false },
        },
        user: mail.user.clone(),
        password: mail
            .password
            .as_ref()
            .map(|password| Secret::new(password.expose().to_owned())),
        ca_file: mail.ca_file.clone(),
        from: mail.from.clone(),
        timeout: Duration::from_secs(mail.timeout_seconds),
    };
    MailChannel::new(settings).context("cannot use the settings in `mail`")
}
