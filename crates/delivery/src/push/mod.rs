//! Web Push: wakes the app on a person's phone. Keeps no queue, and what it carries says nothing to who reads it. R12.

mod subscription;
mod vapid;

pub use subscription::Subscription;
pub use vapid::VapidKey;

use crate::outside::{Answer, Broken, Line, Networks, Unusable, address};
use ipnet::IpNet;
use regain_domain::Timestamp;
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use std::path::PathBuf;
use std::time::Duration;

/// Longest time for one attempt, far below the outbox's lease (R34).
pub const LONGEST: Duration = Duration::from_secs(10);

/// What an operator says about the ways to push services.
pub struct PushSettings {
    /// Networks that one may be reached in besides public ones (R51).
    pub allowed_networks: Vec<IpNet>,
    /// PEM file with the authorities to be trusted, in place of the system's.
    pub ca_file: Option<PathBuf>,
    /// The longest that one attempt may take: [`LONGEST`] at most.
    pub timeout: Duration,
}

/// Sends to whatever push service a browser has chosen (RFC 8030).
pub struct PushSender {
    networks: Networks,
    line: Line,
}

/// One push.
pub struct Push<'a> {
    /// Whose phone.
    pub subscription: &'a Subscription,
    /// The key that the phone was told to expect pushes from.
    pub key: &'a VapidKey,
    /// Whom the push service may write to about them: `mailto:` or `https:` (RFC 8292 §2.1).
    pub contact: &'a str,
    /// What is carried, encrypted for the phone (RFC 8291): an opaque id and nothing else.
    pub id: &'a str,
    /// A push that was not fetched yet is replaced by a newer one of its topic: up to 32 characters of base64url.
    pub topic: &'a str,
    /// How long it is of use; the push service forgets it then.
    pub time_left: Duration,
    /// The time of this attempt.
    pub now: Timestamp,
}

/// How one attempt ended. `why` is for the operator: short, without addresses and keys.
///
/// Nothing here is unknown: a push costs nothing, and one that goes out again replaces the former by its topic (R34).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The push service has taken it.
    Taken,
    /// The subscription has ended and never comes back: to be forgotten.
    Gone,
    /// Not now, or nobody knows.
    Later {
        /// What stood in the way.
        why: String,
        /// When to try again, where the push service said so.
        after: Option<Duration>,
    },
    /// Refused for good.
    Never {
        /// With which answer.
        why: String,
    },
}

impl PushSender {
    /// Checks the settings; connects at each push.
    pub fn new(settings: &PushSettings) -> Result<Self, Unusable> {
        let networks = Networks::new(&settings.allowed_networks);
        let timeout = settings.timeout.min(LONGEST);
        Ok(Self {
            line: Line::new("the push service", &networks, settings.ca_file.as_deref(), timeout)?,
            networks,
        })
    }

    /// Tries once, and follows nobody elsewhere.
    pub async fn send(&self, push: &Push<'_>) -> Outcome {
        let request = match self.request(push) {
            Ok(request) => request,
            Err(why) => return Outcome::Never { why: why.to_owned() },
        };
        match self.line.ask(request).await {
            Ok(answer) => outcome(&answer),
            Err(Broken::NotSent(why) | Broken::Lost(why)) => Outcome::Later { why, after: None },
        }
    }

    fn request(&self, push: &Push<'_>) -> Result<Request, &'static str> {
        let url = address(push.subscription.endpoint(), &self.networks)
            .map_err(|_| "the push service's address is not allowed")?;
        let body = push
            .subscription
            .encrypt(push.id)
            .ok_or("the push could not be encrypted")?;
        let token = push.key.authorization(&url, push.contact, push.now);
        let mut token = HeaderValue::from_str(&token).map_err(|_| "the push could not be signed")?;
        token.set_sensitive(true);
        self.line
            .client()
            .post(url)
            .header(AUTHORIZATION, token)
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_ENCODING, "aes128gcm")
            .header("TTL", push.time_left.as_secs())
            .header("Urgency", "high")
            .header("Topic", push.topic)
            .body(body)
            .build()
            .map_err(|_| "the push could not be written")
    }
}

/// What a push service's answer means (RFC 8030 §5, §7.3, §8.4).
fn outcome(answer: &Answer) -> Outcome {
    let status = answer.status;
    match status {
        200..=299 => Outcome::Taken,
        404 | 410 => Outcome::Gone,
        408 | 429 | 500..=599 => Outcome::Later {
            why: format!("the push service put it off: {status}"),
            after: answer.after,
        },
        _ => Outcome::Never {
            why: format!("the push service refused it: {status}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_whether_the_phone_can_still_be_woken() {
        let of = |status| {
            outcome(&Answer {
                status,
                after: Some(Duration::from_secs(3)),
                body: Vec::new(),
            })
        };
        for status in [200, 201, 202] {
            assert_eq!(of(status), Outcome::Taken, "{status}");
        }
        for status in [404, 410] {
            assert_eq!(of(status), Outcome::Gone, "{status}");
        }
        for status in [408, 429, 500, 502, 503, 504] {
            let late = matches!(of(status), Outcome::Later { after: Some(_), .. });
            assert!(late, "{status}");
        }
        for status in [301, 307, 400, 401, 403, 413, 415] {
            assert!(matches!(of(status), Outcome::Never { .. }), "{status}");
        }
    }
}
