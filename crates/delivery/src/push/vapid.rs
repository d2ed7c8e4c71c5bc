//! Who sends a push: a signed token for each push service (RFC 8292).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use regain_domain::Timestamp;
use serde_json::json;
use std::time::Duration;
use url::Url;
use web_push_native::p256::ecdsa::signature::Signer;
use web_push_native::p256::ecdsa::{Signature, SigningKey};

/// How long a token is good: push services take 24 h at most, and clocks differ.
const TOKEN_LIFE: Duration = Duration::from_hours(1);

/// The key that pushes are signed with. Phones subscribe to it, so that nobody else can wake them.
pub struct VapidKey(SigningKey);

impl VapidKey {
    /// From 32 bytes of chance. None for the few that are no key of P-256.
    pub fn from_bytes(secret: &[u8; 32]) -> Option<Self> {
        SigningKey::from_slice(secret).ok().map(Self)
    }

    /// The public half in base64url, as `applicationServerKey` takes it.
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.verifying_key().to_encoded_point(false).as_bytes())
    }

    /// The `Authorization` header for a push service; its audience is the origin with the port.
    pub(super) fn authorization(&self, url: &Url, contact: &str, now: Timestamp) -> String {
        let head = json!({"typ": "JWT", "alg": "ES256"});
        let claims = json!({
            "aud": url.origin().ascii_serialization(),
            "exp": now.plus(TOKEN_LIFE).seconds(),
            "sub": contact,
        });
        let part = |json: &serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(&head), part(&claims));
        let signature: Signature = self.0.sign(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        format!("vapid t={signed}.{signature}, k={}", self.public())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scalars_of_the_curve_are_keys() {
        for (byte, is_key) in [(7, true), (0, false), (255, false)] {
            assert_eq!(VapidKey::from_bytes(&[byte; 32]).is_some(), is_key, "{byte}");
        }
    }

    #[test]
    fn the_audience_is_the_origin_with_its_port() {
        let key = VapidKey::from_bytes(&[7; 32]).unwrap();
        for (endpoint, audience) in [
            ("https://push.example/p/1?x=y", "https://push.example"),
            ("https://push.example:443/p/1", "https://push.example"),
            ("https://push.example:8443/p/1", "https://push.example:8443"),
            ("http://[::1]:9/p", "http://[::1]:9"),
        ] {
            let token = key.authorization(
                &endpoint.parse().unwrap(),
                "mailto:a@b.example",
                Timestamp::from_ms(5_000),
            );
            let claims = token.split('.').nth(1).unwrap();
            let claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
            assert_eq!(
                claims,
                json!({"aud": audience, "exp": 3605, "sub": "mailto:a@b.example"})
            );
        }
    }
}
