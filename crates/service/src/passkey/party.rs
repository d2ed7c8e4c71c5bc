//! The relying party: a tenant, by its configured base URL and never by the host that a request names (R45).

use super::ceremony::{Ceremony, State};
use super::stranger::stranger;
use super::{Answer, NewKey};
use anyhow::Context;
use regain_domain::ids::AccountId;
use serde_json::{Value, json};
use url::Url;
use webauthn_rs::Webauthn;
use webauthn_rs::prelude::{Passkey, WebauthnBuilder, WebauthnError};

/// Who asks for passkeys.
pub(crate) struct RelyingParty(Webauthn);

/// Whose a new passkey will be. The id is the user handle in it; the names are shown where passkeys are chosen.
pub(crate) struct Holder<'a> {
    pub(crate) id: AccountId,
    pub(crate) user_name: &'a str,
    pub(crate) display_name: &'a str,
}

/// A passkey that has proved itself, by the name that its caller gave it.
pub(crate) struct Proved<K> {
    pub(crate) name: K,
    /// The key as it is now, if its counter or its backup state is to be written.
    pub(crate) changed: Option<Passkey>,
}

/// Why an answer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum No {
    /// It is no answer.
    Unreadable,
    /// It answers another question, or another site's, or this one's inside another page.
    Elsewhere,
    /// The device has not made sure who used it.
    Unverified,
    /// It is no passkey of this person's.
    Foreign,
    /// The passkey is there twice: its counter went back, or its kind has changed.
    Cloned,
    /// The new passkey would not be found without a list.
    Unfindable,
    /// The signature does not fit, or the key is of no use.
    Wrong,
}

impl RelyingParty {
    /// The tenant's. Nothing where its base URL names no domain: browsers know no passkeys for a bare address.
    pub(crate) fn of(base_url: &str, name: &str) -> Option<Self> {
        let origin = Url::parse(base_url).ok()?;
        let id = origin.domain()?;
        let builder = WebauthnBuilder::new(id, &origin).ok()?;
        builder.rp_name(name).build().ok().map(Self)
    }

    /// Asks for a new passkey: one that a device finds by itself, and guards by a look at its owner. A device that holds
    /// one of `known` makes no second one.
    pub(crate) fn ask_new(&self, holder: &Holder<'_>, known: &[Passkey]) -> anyhow::Result<Ceremony> {
        let known = known.iter().map(|key| key.cred_id().clone()).collect();
        let (asked, state) = self
            .0
            .start_passkey_registration(holder.id.0, holder.user_name, holder.display_name, Some(known))
            .context("ask for a new passkey")?;
        let mut options = serde_json::to_value(asked.public_key)?;
        // The library leaves this to the device; a reset asks without a list of keys, so they have to be found (R22).
        if let Some(selection) = options.get_mut("authenticatorSelection").and_then(Value::as_object_mut) {
            selection.insert("residentKey".to_owned(), json!("required"));
            selection.insert("requireResidentKey".to_owned(), json!(true));
        }
        Ok(Ceremony::new(&options, State::Registration(state)))
    }

    /// The new passkey, if the answer is right.
    pub(crate) fn made(&self, ceremony: &Ceremony, answer: &NewKey) -> Result<Passkey, No> {
        match &ceremony.state {
            State::Registration(state) => Ok(self.0.finish_passkey_registration(&answer.0, state)?),
            State::Proof(_) => Err(No::Elsewhere),
        }
    }

    /// Asks for a passkey, whoever's: the same words for everybody (R22).
    pub(crate) fn ask(&self) -> anyhow::Result<Ceremony> {
        let asked = self.0.start_discoverable_authentication();
        let (asked, state) = asked.context("ask for a passkey")?;
        let mut options = serde_json::to_value(asked.public_key)?;
        if let Some(options) = options.as_object_mut() {
            options.remove("extensions");
        }
        Ok(Ceremony::new(&options, State::Proof(state)))
    }

    /// Which of a person's keys has proved itself. An answer by none of them costs the same work (R10).
    pub(crate) fn proved<K>(
        &self,
        ceremony: &Ceremony,
        answer: &Answer,
        person: Option<AccountId>,
        keys: Vec<(K, Passkey)>,
    ) -> Result<Proved<K>, No> {
        let State::Proof(state) = &ceremony.state else {
            return Err(No::Elsewhere);
        };
        let id = answer.0.get_credential_id();
        let is_theirs = person.is_some() && answer.account() == person;
        let own = keys
            .into_iter()
            .find(|(_, key)| is_theirs && key.cred_id().as_slice() == id);
        let finish = |key: &Passkey| {
            self.0
                .finish_discoverable_authentication_v2(&answer.0, state.clone(), key)
        };
        let Some((name, mut key)) = own else {
            finish(&stranger(id)?)?;
            return Err(No::Foreign);
        };
        let result = finish(&key)?;
        let is_changed = key.update_credential(&result) == Some(true);
        Ok(Proved {
            name,
            changed: is_changed.then_some(key),
        })
    }
}

impl From<WebauthnError> for No {
    fn from(error: WebauthnError) -> Self {
        use WebauthnError as Of;
        match error {
            Of::MismatchedChallenge
            | Of::InvalidClientDataType
            | Of::InvalidRPOrigin
            | Of::InvalidRPIDHash
            | Of::CredentialCrossOrigin => Self::Elsewhere,
            Of::UserNotVerified | Of::UserNotPresent => Self::Unverified,
            Of::CredentialPossibleCompromise | Of::CredentialBackupEligibilityInconsistent => Self::Cloned,
            _ => Self::Wrong,
        }
    }
}
