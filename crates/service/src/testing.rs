//! An authenticator for tests: a browser and a security key in one, as `WebAuthn` Level 3 describes them. It obeys what it
//! is asked unless a test tells it to lie. Faults are panics here.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that gets no answer has failed"
)]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKED_UP: u8 = 0x18;
const ATTESTED: u8 = 0x40;

/// A key that it holds.
#[derive(Clone)]
struct Held {
    id: Vec<u8>,
    site: String,
    handle: String,
    key: SigningKey,
    count: u32,
}

/// What it gets wrong.
#[derive(Clone, PartialEq, Eq)]
pub enum Lie {
    /// It leaves its owner alone.
    Careless,
    /// It says that it works for this site.
    For(&'static str),
    /// It says that its answer was given inside another site's page.
    Framed,
    /// It keeps its keys where they are not found without a list.
    Forgetful,
}

/// The authenticator, with its keys.
#[derive(Clone, Default)]
pub struct Authenticator {
    keys: Vec<Held>,
    /// What it gets wrong.
    pub lie: Option<Lie>,
    /// Whether it counts, as a key in hardware does; one that is synchronised does not.
    pub counts: bool,
}

impl Authenticator {
    /// Makes a key as it is asked, on a page of `origin`: the answer as `toJSON()` gives it.
    pub fn create(&mut self, options: &str, origin: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options");
        let secret = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
        let held = Held {
            id: Uuid::new_v4().as_bytes().to_vec(),
            site: text(&options, "/rp/id"),
            handle: text(&options, "/user/id"),
            key: SigningKey::from_slice(&secret).expect("a key"),
            count: 0,
        };
        let answer = self.shown(&held, &options, origin);
        self.keys.push(held);
        answer
    }

    /// Shows its newest key as if it were just made.
    pub fn show_again(&self, options: &str, origin: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options");
        self.shown(self.keys.last().expect("a key"), &options, origin)
    }

    /// A new key, by its public half.
    fn shown(&self, held: &Held, options: &Value, origin: &str) -> String {
        let mut data = self.data(held, ATTESTED);
        data.extend([0; 16]);
        data.extend(u16::try_from(held.id.len()).expect("a short id").to_be_bytes());
        data.extend(&held.id);
        data.extend(cose(&held.key));
        let id = BASE64.encode(&held.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": self.lie != Some(Lie::Forgetful)}},
            "response": {
                "clientDataJSON": BASE64.encode(self.client("webauthn.create", options, origin)),
                "attestationObject": BASE64.encode(unattested(&data)),
                "authenticatorData": BASE64.encode(&data),
                "publicKeyAlgorithm": -7,
                "transports": ["internal"],
            },
        })
        .to_string()
    }

    /// Proves the newest key that it holds for the site which asks, on a page of `origin`.
    pub fn get(&mut self, options: &str, origin: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options");
        let (site, counts) = (text(&options, "/rpId"), self.counts);
        let held = self.keys.iter_mut().rfind(|held| held.site == site).expect("a key");
        held.count += u32::from(counts);
        let held = held.clone();
        let client = self.client("webauthn.get", &options, origin);
        let data = self.data(&held, 0);
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature: Signature = held.key.sign(&signed);
        let id = BASE64.encode(&held.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": BASE64.encode(client),
                "authenticatorData": BASE64.encode(&data),
                "signature": BASE64.encode(signature.to_der()),
                "userHandle": held.handle,
            },
        })
        .to_string()
    }

    fn client(&self, kind: &str, options: &Value, origin: &str) -> Vec<u8> {
        let client = json!({
            "type": kind,
            "challenge": text(options, "/challenge"),
            "origin": origin,
            "crossOrigin": self.lie == Some(Lie::Framed),
        });
        client.to_string().into_bytes()
    }

    /// Authenticator data (§6.1) up to the counter.
    fn data(&self, held: &Held, flags: u8) -> Vec<u8> {
        let verified = match self.lie {
            Some(Lie::Careless) => 0,
            _ => USER_VERIFIED,
        };
        let site = match self.lie {
            Some(Lie::For(site)) => site,
            _ => &held.site,
        };
        let kind = if self.counts { 0 } else { BACKED_UP };
        let mut data = Sha256::digest(site).to_vec();
        data.push(flags | USER_PRESENT | verified | kind);
        data.extend(held.count.to_be_bytes());
        data
    }
}

fn text(value: &Value, at: &str) -> String {
    let found = value.pointer(at).and_then(Value::as_str);
    found.expect("a text").to_owned()
}

/// The public half as a COSE key (RFC 9053 §7.1.1): a map of five, EC2, ES256, P-256, x and y.
fn cose(key: &SigningKey) -> Vec<u8> {
    let point = key.verifying_key().to_encoded_point(false);
    let (x, y) = (point.x().expect("a point"), point.y().expect("a point"));
    let mut map = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
    map.extend(x.as_slice());
    map.extend([0x22, 0x58, 0x20]);
    map.extend(y.as_slice());
    map
}

/// An attestation object (§6.5) of the format `none`, in CBOR.
fn unattested(data: &[u8]) -> Vec<u8> {
    let mut map = vec![0xa3, 0x63];
    map.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
    map.push(u8::try_from(data.len()).expect("less than 256 bytes"));
    map.extend(data);
    map
}
