//! What a browser tells of the push service that it has chosen, and encryption for it (RFC 8291).

use crate::outside::{Networks, address};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use web_push_native::p256::PublicKey;
use web_push_native::{Auth, encrypt};

/// The longest address of a push service, in bytes; real ones stay below a quarter of it.
const LONGEST_ENDPOINT: usize = 2048;
/// An uncompressed point of P-256, and the secret beside it, in bytes.
const POINT: usize = 65;
const AUTH: usize = 16;

/// Where one phone is woken.
pub struct Subscription {
    endpoint: String,
    key: PublicKey,
    auth: Auth,
}

impl Subscription {
    /// Reads `endpoint`, `keys.p256dh` and `keys.auth` of a `PushSubscription`. None where they are none.
    ///
    /// Clear text only to this very machine. Whether the push service may be spoken to is seen when it is.
    pub fn parse(endpoint: &str, p256dh: &str, auth: &str) -> Option<Self> {
        if endpoint.len() > LONGEST_ENDPOINT {
            return None;
        }
        // Its form alone: in which network it lies is seen when it is spoken to.
        let anywhere = Networks::new(&[IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::default())]);
        address(endpoint, &anywhere).ok()?;
        let point = URL_SAFE_NO_PAD.decode(p256dh).ok()?;
        let auth = URL_SAFE_NO_PAD.decode(auth).ok()?;
        if point.len() != POINT || auth.len() != AUTH {
            return None;
        }
        Some(Self {
            endpoint: endpoint.to_owned(),
            key: PublicKey::from_sec1_bytes(&point).ok()?,
            auth: Auth::clone_from_slice(&auth),
        })
    }

    /// The address of the push service, which is a capability: whoever has it may send.
    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Only the phone can read it, and each time it looks different.
    pub(super) fn encrypt(&self, text: &str) -> Option<Vec<u8>> {
        encrypt(text.as_bytes().to_vec(), &self.key, &self.auth).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of RFC 8291 §5.
    const KEY: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const SECRET: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    #[test]
    fn only_whole_subscriptions_are_read() {
        let long = format!("https://push.example/{}", "x".repeat(LONGEST_ENDPOINT));
        let off_curve = URL_SAFE_NO_PAD.encode([4; POINT]);
        let compressed = URL_SAFE_NO_PAD.encode([&[2], [7; 32].as_slice()].concat());
        let padded = format!("{SECRET}==");
        for (endpoint, key, auth, is_good) in [
            ("https://push.example/p/1", KEY, SECRET, true),
            ("https://push.example:8443/p/1", KEY, SECRET, true),
            ("http://127.0.0.1:8080/p/1", KEY, SECRET, true),
            ("http://push.example/p/1", KEY, SECRET, false),
            ("https://user:word@push.example/p/1", KEY, SECRET, false),
            ("push.example", KEY, SECRET, false),
            ("mailto:push@push.example", KEY, SECRET, false),
            ("", KEY, SECRET, false),
            (&long, KEY, SECRET, false),
            ("https://push.example/p/1", &off_curve, SECRET, false),
            ("https://push.example/p/1", &compressed, SECRET, false),
            ("https://push.example/p/1", SECRET, SECRET, false),
            ("https://push.example/p/1", KEY, "", false),
            ("https://push.example/p/1", KEY, &padded, false),
            ("https://push.example/p/1", KEY, KEY, false),
        ] {
            let found = Subscription::parse(endpoint, key, auth);
            assert_eq!(found.is_some(), is_good, "{endpoint} {key} {auth}");
        }
    }

    #[test]
    fn r12_the_same_id_never_looks_the_same() {
        let subscription = Subscription::parse("https://push.example/p/1", KEY, SECRET).unwrap();
        let (first, second) = (subscription.encrypt("id").unwrap(), subscription.encrypt("id").unwrap());
        assert_eq!(first.len(), second.len());
        assert_ne!(first, second);
    }
}
