//! What is wrong with the settings, in one line: what, where, and what to do.

use super::{Config, MailTls, nearest};
use std::fmt;
use std::path::PathBuf;
use tracing_subscriber::EnvFilter;
use url::Url;

/// A setting that cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file cannot be read.
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// The system's reason.
        why: String,
    },
    /// The file is no TOML.
    NoToml {
        /// Which file.
        file: PathBuf,
        /// Where and why.
        why: String,
    },
    /// There is no such key.
    Unknown {
        /// As it was written.
        key: String,
        /// The file or the variable.
        place: String,
        /// The nearest key that there is.
        nearest: String,
    },
    /// The value does not fit the key.
    Unfit {
        /// The parser's words.
        why: String,
    },
    /// The value and its file are both given.
    Twice {
        /// The key without `_file`.
        key: String,
    },
    /// The value fits, but cannot be used so.
    Unusable {
        /// What is wrong and what to do.
        what: String,
    },
}

impl Problem {
    /// Names the known key that is nearest to an unknown one.
    pub(super) fn unknown(key: &str, place: &str, known: &[String]) -> Self {
        Self::Unknown {
            key: key.to_owned(),
            place: place.to_owned(),
            nearest: nearest::of(key, known).unwrap_or_default().to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { file, why } => write!(f, "cannot read {}: {why}", file.display()),
            Self::NoToml { file, why } => write!(f, "{} is not TOML: {why}", file.display()),
            Self::Unknown { key, place, nearest } => {
                write!(f, "there is no setting `{key}` ({place}): did you mean `{nearest}`?")
            }
            Self::Unfit { why } => f.write_str(why),
            Self::Twice { key } => write!(f, "`{key}` and `{key}_file` are both set: keep one of them"),
            Self::Unusable { what } => f.write_str(what),
        }
    }
}

impl std::error::Error for Problem {}

impl Config {
    /// Refuses values that fit their types but not each other.
    pub(super) fn checked(self) -> Result<Self, Problem> {
        match self.first_problem() {
            Some(what) => Err(Problem::Unusable { what }),
            None => Ok(self),
        }
    }

    /// What keeps `regain serve` from sending mail, if anything does.
    pub fn mail_problem(&self) -> Option<Problem> {
        let missing = |key: &str, example: &str| Problem::Unusable {
            what: format!("`{key}` is not set, and codes go by mail: set it, such as {example}"),
        };
        if self.mail.host.is_empty() {
            return Some(missing("mail.host", "\"mail.example.org\""));
        }
        self.mail
            .from
            .is_empty()
            .then(|| missing("mail.from", "\"no-reply@example.org\""))
    }

    fn first_problem(&self) -> Option<String> {
        if let Some(why) = regain_store::address::problem(&self.database.url) {
            return Some(format!("`database.url` cannot be used: {why}"));
        }
        let is_outside = !self.listen.ip().is_loopback();
        let limits = [
            self.limits.easy_identifies_per_network,
            self.limits.identifies_per_network,
            self.limits.connections_per_network,
        ];
        let found = [
            (
                is_outside && self.http.trusted_proxies.is_empty(),
                "`listen` is reachable from outside, where plain HTTP is not served: keep it on 127.0.0.1, \
                 or name the proxy that speaks HTTPS in `http.trusted_proxies`",
            ),
            (
                !self.operations.listen.ip().is_loopback() && self.operations.token.is_none(),
                "`operations.listen` is reachable from outside: set `operations.token`, or keep it on 127.0.0.1",
            ),
            (
                self.mail.password.is_some() != self.mail.user.is_some(),
                "`mail.user` and `mail.password` belong together: set both or none",
            ),
            (
                self.mail.password.is_some() && self.mail.tls == MailTls::None,
                "`mail.tls` is \"none\", which would send `mail.password` in the clear: use \"starttls\" or \"implicit\"",
            ),
            (
                !(1..=30).contains(&self.mail.timeout_seconds),
                "`mail.timeout_seconds` has to be between 1 and 30",
            ),
            (limits.contains(&0), "the settings in `limits` have to be at least 1"),
            (
                self.security
                    .contact
                    .as_deref()
                    .is_some_and(|contact| !is_contact(contact)),
                "`security.contact` has to begin with `mailto:`, `https://` or `tel:` and be one line",
            ),
            (
                EnvFilter::try_new(&self.log.filter).is_err(),
                "`log.filter` cannot be read: write it like \"info\" or \"info,regain_service=debug\"",
            ),
        ];
        let first = found
            .into_iter()
            .chain(self.unfit_otel())
            .find(|(is_wrong, _)| *is_wrong);
        first.map(|(_, what)| what.to_owned())
    }

    fn unfit_otel(&self) -> Option<(bool, &'static str)> {
        self.otel.endpoint.as_deref().map(|endpoint| {
            (
                !is_collector(endpoint),
                "`otel.endpoint` has to look like \"http://127.0.0.1:4318\", without a login; \
                 a token goes into the variable OTEL_EXPORTER_OTLP_HEADERS",
            )
        })
    }
}

/// Whether it is a place to add `/v1/traces` to. A login in it would be shown: that goes into a header.
fn is_collector(endpoint: &str) -> bool {
    let is_plain = |url: &Url| {
        let is_http = matches!(url.scheme(), "http" | "https") && url.has_host();
        let has_login = !url.username().is_empty() || url.password().is_some();
        is_http && !has_login && url.query().is_none() && url.fragment().is_none()
    };
    Url::parse(endpoint).is_ok_and(|url| is_plain(&url))
}

/// Whether RFC 9116 lets a contact look so.
fn is_contact(contact: &str) -> bool {
    let is_kind = ["mailto:", "https://", "tel:"]
        .iter()
        .any(|kind| contact.starts_with(kind));
    is_kind && contact.chars().all(|c| c.is_ascii_graphic())
}
