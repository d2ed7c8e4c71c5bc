//! Phones with Regain's own authenticator: added by a link, believed by their signature, woken by a push (R12). What they
//! answer is written down; the page's own post collects it.

mod answer;
mod enrol;
mod link;
mod said;
mod wake;

pub use said::{Said, Word};
pub use wake::Pusher;

pub(crate) use link::link;
pub(crate) use wake::{call, wake};

use crate::core::Core;
use crate::dice::below;
use crate::hex;
use regain_domain::ids::{FlowId, RequestId};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;

/// The service behind `/authenticator`. Cheap to clone.
#[derive(Clone)]
pub struct Authenticator {
    pub(crate) core: Arc<Core>,
}

/// Two digits to be typed in the app, each as likely as any other (R12).
pub(crate) fn number(core: &Core) -> String {
    format!("{:02}", below(&mut core.dice(), 100))
}

/// What a request hangs on, as its phone is told and signs: it says nothing to anybody else.
fn bound_to(request: RequestId, owner: Uuid, flow: Option<FlowId>) -> String {
    let mut hash = Sha256::new();
    hash.update(b"regain authenticator request");
    hash.update(request.0.as_bytes());
    hash.update(owner.as_bytes());
    hash.update(flow.map_or(Uuid::nil(), |flow| flow.0).as_bytes());
    hex::encode(&hash.finalize())
}
