//! Regain's own authenticator: what a phone keeps, is asked, and says under the signature of its own key. R12.

pub mod codes;
mod encoding;
mod signed;

pub use encoding::{base64url, of_base64url};
pub use signed::{Act, Statement, Verdict};

use crate::Timestamp;
use crate::approval::Answer;
use crate::ids::{DeviceId, RequestId, TenantId};
use crate::notice::Subject;
use serde::{Deserialize, Serialize};

/// Bytes of a device's public key: an uncompressed point of P-256.
pub const KEY: usize = 65;
/// Bytes of a signature: `r` and `s`.
pub const SIGNATURE: usize = 64;

/// What a phone learns of the account that it was added to, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// The phone, as posts name it.
    pub device: DeviceId,
    /// Whose house; part of all that is signed.
    pub tenant: TenantId,
    /// Whose account.
    pub user_name: String,
    /// The house's name.
    pub house: String,
    /// The secret of the codes (RFC 6238), in base64url.
    pub secret: String,
    /// The key that pushes are signed with, as `applicationServerKey`.
    pub push_key: String,
    /// The server's time: phones' clocks differ.
    pub now: Timestamp,
}

/// A request that waits for the person's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Which.
    pub id: RequestId,
    /// What it hangs on: a hash that says nothing, and is signed too.
    pub bound_to: String,
    /// What for.
    pub subject: Subject,
    /// From which network.
    pub network: String,
    /// With which browser and system. Empty where unknown.
    pub browser: String,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// Until when it can be answered.
    pub expires_at: Timestamp,
}

/// What waits for a phone, and the time of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Newest first.
    pub requests: Vec<Request>,
    /// The server's time.
    pub now: Timestamp,
}

/// What comes back for a statement of a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply<T> {
    /// It was believed.
    Done(T),
    /// Its time is too far from ours, or older than one that was believed: to be said again by this clock.
    Clock {
        /// The server's time.
        now: Timestamp,
    },
    /// No such phone, or not its signature: the account has removed it.
    Removed,
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// It was written down, as this.
    As(Answer),
    /// Too late: answered already, or its time is over.
    Over,
}
