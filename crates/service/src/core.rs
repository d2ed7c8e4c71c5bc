//! What every sequence works with: rows, keys, clock, dice, hashing.

use crate::captcha::Captcha;
use crate::dice::{Dice, SystemDice};
use crate::hash::Hasher;
use crate::tenancies::Tenancies;
use crate::time::Time;
use crate::workers::Workers;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use regain_domain::Timestamp;
use regain_domain::password::Lists;
use regain_store::{Keyring, Store, Use, counters};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// What an operator may loosen: counts per network address (`security.md` §2).
#[derive(Clone, Copy, Debug)]
pub struct NetworkLimits {
    /// Identifies within 10 minutes before the challenge gets harder.
    pub n_easy_identifies: usize,
    /// Identifies, and sign-ins, within 10 minutes before a network is told to wait.
    pub n_most: usize,
}

impl Default for NetworkLimits {
    fn default() -> Self {
        Self {
            n_easy_identifies: 20,
            n_most: 200,
        }
    }
}

/// Shared by all parts of the service.
pub(crate) struct Core {
    pub(crate) store: Store,
    pub(crate) time: Time,
    pub(crate) hasher: Hasher,
    pub(crate) lists: Lists<'static>,
    pub(crate) networks: NetworkLimits,
    /// Makes captchas, so many at a time: anybody can ask for one.
    pub(crate) drawing: Workers,
    pub(crate) tenancies: Tenancies,
    /// Whether captcha answers go to the demo's outbox.
    pub(crate) is_demo: bool,
}

impl Core {
    /// Now, for everything but counters.
    pub(crate) fn now(&self) -> Timestamp {
        self.time.now()
    }

    /// Now, for counters: hits are written, judged and kept by this and no other.
    pub(crate) fn window_now(&self) -> Timestamp {
        self.time.window_now()
    }

    pub(crate) fn keys(&self) -> Arc<Keyring> {
        self.store.keyring()
    }

    /// Captchas, with the keys as they are now.
    pub(crate) fn captcha(&self) -> Captcha {
        Captcha::new(self.keys())
    }

    /// Chance; made anew at each use, since it holds nothing.
    #[expect(clippy::unused_self, reason = "everything that is handed in comes from here")]
    pub(crate) fn dice(&self) -> impl Dice {
        SystemDice
    }

    /// The value of a new cookie: 256 bits of chance (R07).
    pub(crate) fn cookie(&self) -> String {
        URL_SAFE_NO_PAD.encode(crate::dice::bytes::<32>(&mut self.dice()))
    }

    /// A value for a cookie or an address, sealed. `within`: where alone it opens.
    pub(crate) fn sealed(&self, of: Use, within: &[&[u8]], value: &impl Serialize) -> anyhow::Result<String> {
        let plain = serde_json::to_vec(value)?;
        Ok(URL_SAFE_NO_PAD.encode(self.keys().seal(of, within, &plain)))
    }

    /// Reads it back; nothing if it is not ours, or of elsewhere.
    pub(crate) fn unsealed<T: DeserializeOwned>(&self, of: Use, within: &[&[u8]], text: &str) -> Option<T> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let plain = self.keys().open(of, within, &sealed)?;
        serde_json::from_slice(&plain).ok()
    }

    /// What a counter counts: what, and for whom (R17).
    #[expect(clippy::unused_self, reason = "everything that is handed in comes from here")]
    pub(crate) fn counter(&self, what: &str, whom: &[u8]) -> [u8; 32] {
        counters::subject(&[what.as_bytes(), whom])
    }
}

/// What is stored of a cookie's value (R07).
pub(crate) fn cookie_hash(value: &str) -> [u8; 32] {
    Sha256::digest(value.as_bytes()).into()
}
