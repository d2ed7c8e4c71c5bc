//! A ceremony under way, and a registered key, as bytes that are sealed into a row: never into a cookie, where a browser
//! could bring them twice.

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey, PasskeyRegistration};
use zeroize::Zeroizing;

/// What a browser was asked, and what its answer is checked against.
#[derive(Serialize, Deserialize)]
pub(crate) struct Ceremony {
    options: String,
    pub(super) state: State,
}

/// What an answer has to fit.
#[derive(Serialize, Deserialize)]
pub(super) enum State {
    /// A new passkey was asked for.
    Registration(PasskeyRegistration),
    /// One that exists was asked for.
    Proof(DiscoverableAuthentication),
}

impl Ceremony {
    pub(super) fn new(options: &Value, state: State) -> Self {
        Self {
            options: options.to_string(),
            state,
        }
    }

    /// The JSON for `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` (`WebAuthn` Level 3 §5.1). No secret.
    pub(crate) fn options(&self) -> &str {
        &self.options
    }

    /// For its row.
    pub(crate) fn to_bytes(&self) -> anyhow::Result<Vec<u8>> {
        serde_json::to_vec(self).context("write a ceremony")
    }

    /// From its row.
    pub(crate) fn of_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        serde_json::from_slice(bytes).context("read a ceremony")
    }
}

/// A key for its row.
pub(crate) fn key_bytes(key: &Passkey) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    Ok(Zeroizing::new(serde_json::to_vec(key).context("write a passkey")?))
}

/// A key from its row.
pub(crate) fn key_of_bytes(bytes: &[u8]) -> anyhow::Result<Passkey> {
    serde_json::from_slice(bytes).context("read a passkey")
}
