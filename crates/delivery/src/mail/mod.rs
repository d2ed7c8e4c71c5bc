//! Mail by SMTP: one relay, encrypted, with a bounded time and a bounded number of mails on their way.

mod answer;
mod line;
mod message;
mod one_line;

use crate::{Channel, Envelope, Outcome, render};
use lettre::Address;
use line::Line;
use regain_domain::Secret;
use regain_domain::notice::Letter;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Mails on their way at a time; as many connections are kept for the next ones.
const MOST_AT_ONCE: usize = 8;

/// How the line to the relay is encrypted. There is no "if possible".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Upgraded before anything is said (RFC 3207); refused where the server does not offer it.
    Starttls,
    /// From the first byte (RFC 8314).
    Implicit,
    /// Not at all: for a relay on the same machine.
    None {
        /// The operator's explicit word that another machine may be spoken to in clear text.
        allow_remote: bool,
    },
}

/// Where mails go out.
pub struct SmtpSettings {
    /// Name or address of the relay; its certificate has to carry it.
    pub host: String,
    /// Usually 587 with STARTTLS, 465 with implicit TLS.
    pub port: u16,
    /// Encryption.
    pub tls: Tls,
    /// Login, where the relay wants one.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// PEM file with the authorities to be trusted, in place of the system's.
    pub ca_file: Option<PathBuf>,
    /// The sender's address.
    pub from: String,
    /// The longest that one attempt may take, waiting for its turn included. R34: 30 s.
    pub timeout: Duration,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The sender is no mail address.
    #[error("`from` has to be a mail address alone, such as noreply@example.org, and is: {0}")]
    From(String),
    /// Clear text to another machine.
    #[error("mail would go to {0} without encryption; use TLS, or allow it explicitly")]
    ClearText(String),
    /// Login over clear text.
    #[error("a login needs TLS on the way to {0}")]
    ClearTextLogin(String),
    /// User without password, or the other way round.
    #[error("a login needs a user and a password")]
    HalfLogin,
    /// The file with the authorities cannot be read.
    #[error("read the authorities' file {path}")]
    CaFile {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The authorities cannot be used.
    #[error("the authorities or the name of the mail server cannot be used: {0}")]
    Ca(String),
}

/// Mail as a channel.
pub struct MailChannel {
    line: Line,
    from: Address,
    permits: Semaphore,
    timeout: Duration,
}

impl MailChannel {
    /// Checks the settings; connects at the first mail.
    pub fn new(settings: SmtpSettings) -> Result<Self, MailError> {
        let from: Address = settings
            .from
            .parse()
            .map_err(|_| MailError::From(settings.from.clone()))?;
        Ok(Self {
            timeout: settings.timeout,
            line: Line::new(settings, from.domain())?,
            from,
            permits: Semaphore::new(MOST_AT_ONCE),
        })
    }

    /// Says goodbye on connections that are kept; for the end of the process.
    pub async fn close(&self) {
        // A server that does not answer keeps nobody: what is left closes with the process.
        let _ = tokio::time::timeout(Duration::from_secs(2), self.line.close()).await;
    }

    async fn send(&self, letter: &Letter, envelope: &Envelope) -> Outcome {
        let Some(rendered) = render(letter, envelope) else {
            let why = "there are no words for it in a mail".to_owned();
            return Outcome::Never { why };
        };
        let message = match message::build(&rendered, envelope, &self.from) {
            Ok(message) => message,
            Err(unfit) => return Outcome::Never { why: unfit.to_string() },
        };
        let Ok(_permit) = self.permits.acquire().await else {
            return answer::later("mail is closing down");
        };
        match self.line.send(&message).await {
            Ok(()) => Outcome::Sent,
            Err(error) => answer::outcome(&error),
        }
    }
}

impl Channel for MailChannel {
    fn deliver<'a>(
        &'a self,
        letter: &'a Letter,
        envelope: &'a Envelope,
    ) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> {
        Box::pin(async move {
            tokio::time::timeout(self.timeout, self.send(letter, envelope))
                .await
                .unwrap_or_else(|_| answer::later("the mail server took too long"))
        })
    }
}
