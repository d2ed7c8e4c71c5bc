//! Messages to people: words for each letter, and the channels that carry them. Keeps no queue and decides no repetition.

pub mod gateway;
mod letter;
mod mail;
mod outside;
pub mod phone;
pub mod push;

pub use letter::{Rendered, render};
pub use mail::{MailChannel, MailError, SmtpSettings, Tls};
pub use outside::{BadAddress, Unusable};

use regain_domain::brand::Brand;
use regain_domain::ids::{MessageId, TenantId};
use regain_domain::locale::Language;
use regain_domain::not_me::Reference;
use regain_domain::notice::{ChannelKind, Letter};
use regain_domain::{Cost, Timestamp};
use std::pin::Pin;
use std::time::Duration;

/// A way to a person. One attempt a call, within a bounded time; the outbox decides what follows (R34).
pub trait Channel: Send + Sync {
    /// Tries once to hand the letter over.
    fn deliver<'a>(
        &'a self,
        letter: &'a Letter,
        envelope: &'a Envelope,
    ) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

    /// What an attempt may cost at most: asked before it, so that no ceiling is passed (R20).
    fn cost(&self, _: &Envelope) -> Cost {
        Cost::ZERO
    }
}

/// How one attempt ended. `why` is for the operator: short, without addresses, codes and content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The next hop has taken it.
    Sent,
    /// A gateway has taken it.
    Charged {
        /// What it costs.
        price: Cost,
        /// The gateway's id of it, where it told one: callbacks carry it (R36).
        id: Option<String>,
    },
    /// Not now; of mail also: unknown. To be tried again with the same `Message-ID`.
    Later {
        /// What stood in the way.
        why: String,
        /// When to try again, where the other side said so.
        after: Option<Duration>,
    },
    /// Refused for good.
    Never {
        /// By whom and with which reply.
        why: String,
    },
    /// It may have gone out, and costs if it did: never tried again by itself (R34).
    Unknown {
        /// What is missing.
        why: String,
    },
}

/// All that goes around a letter.
pub struct Envelope {
    /// The tenant in whose name it goes.
    pub tenant: TenantId,
    /// Which way it goes.
    pub channel: ChannelKind,
    /// The one mailbox, or the one number in its canonical form.
    pub to: String,
    /// From [`message_id`]: the same for each attempt.
    pub message_id: String,
    /// When the message was written; its `Date`.
    pub at: Timestamp,
    /// How long it is still of use.
    pub time_left: Duration,
    /// The language of its words.
    pub language: Language,
    /// What the reader types to stop what the letter reports, where it has that.
    pub reference: Option<Reference>,
    /// Where the tenant's pages are, such as `https://reset.acorn.example`.
    pub base_url: String,
    /// The tenant's house: name, accent, helpdesk.
    pub brand: Brand,
}

/// The `Message-ID` of an outbox row: stable, so that what was sent twice can be told to be one (R34).
pub fn message_id(row: MessageId, host: &str) -> String {
    let host: String = host
        .split(':')
        .next()
        .unwrap_or(host)
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-.".contains(*c))
        .collect();
    match host.trim_matches('.') {
        "" => format!("<{row}@localhost>"),
        host => format!("<{row}@{host}>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_one_message_id_whatever_its_host() {
        let row = MessageId(uuid::Uuid::from_u128(7));
        for (host, right) in [
            ("reset.acorn.example", "reset.acorn.example"),
            ("birch.localhost:3000", "birch.localhost"),
            ("a\r\nBcc: x", "aBcc"),
            ("", "localhost"),
            ("[::1]", "localhost"),
        ] {
            let expect = format!("<00000000-0000-0000-0000-000000000007@{right}>");
            assert_eq!(message_id(row, host), expect);
        }
    }
}
