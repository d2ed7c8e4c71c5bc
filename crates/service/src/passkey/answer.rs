//! What a browser answers: the JSON of `PublicKeyCredential.toJSON()`, read and not yet believed.

use super::No;
use regain_domain::ids::AccountId;
use serde_json::Value;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential, Uuid};

/// The answer to a request for a passkey that exists.
pub(crate) struct Answer(pub(super) PublicKeyCredential);

impl Answer {
    /// Reads it; one that was given inside another site's page is refused here, since the library does not look.
    pub(crate) fn read(text: &str) -> Result<Self, No> {
        let read: PublicKeyCredential = serde_json::from_str(text).map_err(|_| No::Unreadable)?;
        let client: Value = serde_json::from_slice(&read.response.client_data_json).map_err(|_| No::Unreadable)?;
        match client.get("crossOrigin").and_then(Value::as_bool) {
            Some(true) => Err(No::Elsewhere),
            _ => Ok(Self(read)),
        }
    }

    /// Whose passkey it claims to be: a hint until it is proved.
    pub(crate) fn account(&self) -> Option<AccountId> {
        let handle = self.0.get_user_unique_id()?;
        Uuid::from_slice(handle).ok().map(AccountId)
    }
}

/// The answer to a request for a new passkey.
pub(crate) struct NewKey(pub(super) RegisterPublicKeyCredential);

impl NewKey {
    /// Reads it; a key that its own device says cannot be found without a list is of no use (R22).
    pub(crate) fn read(text: &str) -> Result<Self, No> {
        let read: RegisterPublicKeyCredential = serde_json::from_str(text).map_err(|_| No::Unreadable)?;
        let is_found = read.extensions.cred_props.as_ref().and_then(|props| props.rk);
        match is_found {
            Some(false) => Err(No::Unfindable),
            _ => Ok(Self(read)),
        }
    }
}
