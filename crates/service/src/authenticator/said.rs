//! What a phone says, and whether it is believed: by its own key, at about this time, and each statement once (R12).

use crate::core::Core;
use crate::visit::Visit;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use regain_domain::Timestamp;
use regain_domain::authenticator::{Act, Reply, SIGNATURE, Statement, Verdict, of_base64url};
use regain_domain::gate::plain_digits;
use regain_domain::ids::{DeviceId, RequestId};
use regain_domain::limits::STATEMENT_WINDOW;
use regain_store::Tx;
use regain_store::devices::{self, Device};
use uuid::Uuid;

/// Who says it, when, and the proof. What has no form of one is nobody's.
pub struct Said {
    device: Option<DeviceId>,
    at: Timestamp,
    signature: Vec<u8>,
}

/// The person's word on a request.
pub struct Word {
    pub(super) request: Option<RequestId>,
    pub(super) verdict: Option<Verdict>,
    pub(super) number: String,
}

impl Said {
    /// As it stands in a post.
    pub fn new(device: &str, at_ms: i64, signature: &str) -> Self {
        Self {
            device: Uuid::parse_str(device).ok().map(DeviceId),
            at: Timestamp::from_ms(at_ms),
            signature: of_base64url(signature).unwrap_or_default(),
        }
    }
}

impl Word {
    /// As it stands in a post.
    pub fn new(request: &str, verdict: &str, number: &str) -> Self {
        Self {
            request: Uuid::parse_str(request).ok().map(RequestId),
            verdict: Verdict::of_code(verdict),
            number: plain_digits(number),
        }
    }
}

/// The phone that says this, if it is believed. Nothing is written: what changes something has to be believed once more by
/// [`once`].
pub(super) async fn believed(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    said: &Said,
    act: Act<'_>,
) -> anyhow::Result<Reply<Device>> {
    let found = match said.device {
        Some(id) => devices::by_id(tx, id).await?,
        None => None,
    };
    let Some(device) = found else { return Ok(Reply::Removed) };
    let now = core.now();
    let is_near = said.at.since(now).max(now.since(said.at)) <= STATEMENT_WINDOW;
    let is_newer = said.at > device.said_at || device.said_at > horizon(now);
    if !is_near || !is_newer {
        return Ok(Reply::Clock { now });
    }
    let statement = Statement {
        tenant: visit.tenant.id,
        device: device.id,
        at: said.at,
        act,
    };
    Ok(match is_signed(&device.key, &statement, &said.signature) {
        true => Reply::Done(device),
        false => Reply::Removed,
    })
}

/// Whether there is such a phone at all; no word of it is believed for that.
pub(super) async fn is_known(tx: &Tx, said: &Said) -> anyhow::Result<bool> {
    Ok(match said.device {
        Some(id) => devices::by_id(tx, id).await?.is_some(),
        None => false,
    })
}

/// Believes a statement once and for all; false if another one overtook it.
pub(super) async fn once(core: &Core, tx: &Tx, device: &Device, said: &Said) -> anyhow::Result<bool> {
    Ok(devices::believe(tx, device.id, said.at, horizon(core.now())).await?)
}

/// No statement that was believed lies behind this, unless the clock went back (R39).
fn horizon(now: Timestamp) -> Timestamp {
    now.plus(STATEMENT_WINDOW)
}

/// Whether these bytes are a key that can sign.
pub(super) fn is_key(bytes: &[u8]) -> bool {
    bytes.len() == regain_domain::authenticator::KEY && VerifyingKey::from_sec1_bytes(bytes).is_ok()
}

fn is_signed(key: &[u8], statement: &Statement<'_>, signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (VerifyingKey::from_sec1_bytes(key), Signature::from_slice(signature)) else {
        return false;
    };
    signature.to_bytes().len() == SIGNATURE && key.verify(&statement.bytes(), &signature).is_ok()
}
