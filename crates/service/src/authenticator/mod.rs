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
use regain_domain::ids::{FlowId, RequestId};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;
use uuid::Uuid;

/// The service behind `/authenticator`. Cheap to clone.
#[derive(Clone)]
pub struct Authenticator {
    pub(crate) core: Arc<Core>,
}

/// What a request hangs on, as its phone is told and signs: it says nothing to anybody else.
fn bound_to(request: RequestId, owner: Uuid, flow: Option<FlowId>) -> String {
    let mut hash = Sha256::new();
    hash.update(b"regain authenticator request");
    hash.update(request.0.as_bytes());
    hash.update(owner.as_bytes());
    hash.update(flow.map_or(Uuid::nil(), |flow| flow.0).as_bytes());
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
