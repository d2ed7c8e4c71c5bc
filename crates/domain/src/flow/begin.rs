//! Identify: whose flow begins, and whether anything can come of it.

use super::state::{State, Subject};
use crate::Timestamp;
use crate::account::Account;
use crate::policy::{Mode, may_begin, n_needed};
use crate::refusal::Refusal;
use crate::tenant::TenantSettings;

/// What an identify with a good captcha leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// A flow, as its row shall begin.
    Flow {
        /// Whose it is.
        subject: Subject,
        /// Where it stands.
        state: State,
        /// Gates that it takes at least.
        n_needed: u32,
    },
    /// No flow: the page stays on identify with the name kept. Explicit mode only.
    Stay(Refusal),
}

/// Decides what begins. In discreet mode everybody's flow begins alike (R21).
pub fn begin(
    account: Option<&Account>,
    settings: &TenantSettings,
    mode: Mode,
    blocked_until: Option<Timestamp>,
    now: Timestamp,
) -> Beginning {
    let id = account.map(|account| account.id);
    let flow = |subject, state| Beginning::Flow {
        subject,
        state,
        n_needed: n_needed(account, settings),
    };
    let hollow = |why: &Refusal| Subject::Hollow {
        account: id,
        why: why.clone(),
    };
    match (may_begin(account, settings, blocked_until, now), mode, id) {
        (Ok(()), _, Some(id)) => flow(Subject::Account(id), State::Gating(None)),
        (Ok(()), _, None) => Beginning::Stay(Refusal::UserUnknown),
        (Err(why), Mode::Discreet, _) => Beginning::Flow {
            subject: hollow(&why),
            state: State::Gating(None),
            n_needed: n_needed(None, settings),
        },
        (Err(why @ (Refusal::UserUnknown | Refusal::AccountDisabled)), Mode::Explicit, _) => Beginning::Stay(why),
        (Err(why), Mode::Explicit, _) => flow(hollow(&why), State::Ended(why)),
    }
}
