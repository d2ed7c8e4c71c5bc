//! Tells people from programs: a proof of work, or a picture, a sound or a wait in its place. Remembers nothing itself.
//!
//! Whatever was solved yields a [`Spent`], which the caller stores under a unique key (R25): that is what makes it single use.

mod picture;
mod proof;
mod sound;
mod ticket;
mod wait;

use regain_domain::{Refusal, Timestamp, ids::TenantId};
use regain_store::Keyring;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Digits in a picture or sound.
const N_DIGITS: usize = 6;

/// Makes and judges captchas. Cheap to clone.
#[derive(Clone)]
pub struct Captcha {
    keys: Arc<Keyring>,
}

impl Captcha {
    /// Challenges are signed and tickets sealed with these keys, each derived for its use alone.
    pub fn new(keys: Arc<Keyring>) -> Self {
        Self { keys }
    }
}

/// What a captcha is good for: one tenant and one purpose, and nothing else (R08, R49).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The tenant of the host.
    pub tenant: TenantId,
    /// The step that it opens, such as `reset`; holds no zero character.
    pub purpose: &'static str,
}

impl Bound {
    /// Unambiguous bytes: two parts of fixed length, then text that ends with the only zero in it.
    fn bytes(self, kind: Kind) -> Vec<u8> {
        [
            &[kind.tag()],
            self.tenant.0.as_bytes().as_slice(),
            self.purpose.as_bytes(),
            &[0],
        ]
        .concat()
    }
}

/// How much work a proof takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difficulty {
    /// Well under a second on a laptop, one or two on a phone.
    Ordinary,
    /// Eight times that: in attack mode (R20), and after many identifies from one network.
    Harder,
}

/// A captcha that has had its one try. To be stored in the transaction that acts on it, until it expires anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// The unique key: the same for every reading of the same challenge or ticket.
    pub nonce: [u8; 32],
    /// From here on the row is not needed any more.
    pub expires_at: Timestamp,
}

/// The verdict on an answer. What failed is spent too, where the challenge or ticket was ours and in time.
pub type Verdict = Result<Spent, (Refusal, Option<Spent>)>;

/// The three kinds of challenge, told apart wherever they are bound or stored.
#[derive(Clone, Copy)]
enum Kind {
    Proof,
    Ticket,
    Wait,
}

impl Kind {
    const fn tag(self) -> u8 {
        match self {
            Self::Proof => 1,
            Self::Ticket => 2,
            Self::Wait => 3,
        }
    }

    fn spent(self, bound: Bound, id: &[u8], expires_at: Timestamp) -> Spent {
        let nonce = Sha256::new()
            .chain_update(bound.bytes(self))
            .chain_update(id)
            .finalize()
            .into();
        Spent { nonce, expires_at }
    }
}

#[cfg(test)]
mod fixture {
    use super::*;
    use crate::dice::Dice;
    use std::time::Duration;

    /// Counts up, so that each draw differs and each run is the same.
    pub(super) struct Counting(pub(super) u8);

    impl Dice for Counting {
        fn fill(&mut self, bytes: &mut [u8]) {
            for byte in bytes {
                self.0 = self.0.wrapping_add(1);
                *byte = self.0;
            }
        }
    }

    pub(super) fn captcha() -> Captcha {
        Captcha::new(Arc::new(Keyring::for_tests()))
    }

    pub(super) fn bound(tenant: u128, purpose: &'static str) -> Bound {
        Bound {
            tenant: TenantId(uuid::Uuid::from_u128(tenant)),
            purpose,
        }
    }

    pub(super) const NOW: Timestamp = Timestamp::from_ms(4_000_000_000_000);

    pub(super) fn after(seconds: u64) -> Timestamp {
        NOW.plus(Duration::from_secs(seconds))
    }
}
