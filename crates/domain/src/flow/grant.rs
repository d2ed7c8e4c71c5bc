//! The right to write one new password, or to lift one lock, computed from rows in the transaction that uses it (R05).

use super::decide::Facts;
use super::state::{Flow, Purpose, State, Subject};
use crate::gate::{Gate, Pass, n_independent};
use crate::ids::AccountId;
use crate::policy::{is_there, may_prove_on, may_unlock, n_needed, n_needed_with, still_stands};
use crate::refusal::Refusal;

/// The right to one write. Only [`grant`] makes it, and the write takes it by value (R06).
#[derive(Debug, PartialEq, Eq)]
pub struct Grant {
    account: AccountId,
    purpose: Purpose,
    passed: Vec<Gate>,
}

impl Grant {
    /// Where it stands on a one-time pass: whether another gate stands beside it, in a word for the audit (R52).
    pub fn pass_use(&self) -> Option<&'static str> {
        let is_given = |gate: &Gate| *gate == Gate::OneTimePass;
        let is_alone = self.passed.iter().all(is_given);
        let found = self.passed.iter().any(is_given);
        found.then_some(if is_alone { "alone" } else { "beside" })
    }

    /// Whose password may be written: nobody's, if it is a grant to unlock (R08).
    pub fn of_password(self) -> Option<AccountId> {
        (self.purpose == Purpose::Reset).then_some(self.account)
    }

    /// Whose lock may be lifted.
    pub fn of_lock(self) -> Option<AccountId> {
        (self.purpose == Purpose::Unlock).then_some(self.account)
    }
}

/// Why there is no grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoGrant {
    /// The flow is over.
    Ended(Refusal),
    /// Back to proving; the passes that still stand are kept.
    ProveAgain,
}

/// Computes the grant; the first failing row of the table under R05 decides.
pub fn grant(flow: &Flow, facts: &Facts<'_>) -> Result<Grant, NoGrant> {
    if flow.expires_at <= facts.now {
        return Err(NoGrant::Ended(Refusal::Expired));
    }
    let purpose = flow.purpose;
    let (Purpose::Reset | Purpose::Unlock, State::Granted, Subject::Account(id)) =
        (purpose, &flow.state, &flow.subject)
    else {
        return Err(NoGrant::ProveAgain);
    };
    if purpose == Purpose::Unlock && !may_unlock(facts.account, facts.settings) {
        return Err(NoGrant::Ended(Refusal::NotInScope));
    }
    let Some(account) = facts.account.filter(|account| account.id == *id) else {
        return Err(NoGrant::Ended(Refusal::UserUnknown));
    };
    if Some(account.password_changed_at) != flow.password_changed_at {
        return Err(NoGrant::Ended(Refusal::Expired));
    }
    // Too few registrations by now is a matter of passes, which come next.
    may_prove_on(Some(account), facts.settings, facts.blocked_until, facts.now).map_err(NoGrant::Ended)?;
    let standing = standing(flow, facts);
    match are_enough(&standing, flow, facts) {
        true => Ok(Grant {
            account: *id,
            purpose,
            passed: gates(&standing),
        }),
        false => Err(NoGrant::ProveAgain),
    }
}

/// Whether the passes that still stand are enough for what was needed at the start and what is needed now (R04).
pub(super) fn has_enough(flow: &Flow, facts: &Facts<'_>) -> bool {
    are_enough(&standing(flow, facts), flow, facts)
}

fn are_enough(standing: &[Pass], flow: &Flow, facts: &Facts<'_>) -> bool {
    let need = need(flow, facts, standing);
    u32::try_from(n_independent(standing)).is_ok_and(|have| have >= need)
}

fn gates(passes: &[Pass]) -> Vec<Gate> {
    passes.iter().map(|pass| pass.gate).collect()
}

/// Gates that this flow takes: what was needed at its start, and for a reset what is needed now, if that is more (R04); with a
/// one-time pass among them one beside it, unless the tenant says otherwise (R52).
pub(super) fn need(flow: &Flow, facts: &Facts<'_>, standing: &[Pass]) -> u32 {
    match flow.purpose {
        Purpose::Reset | Purpose::Unlock => {
            let need = flow.n_needed.max(n_needed(facts.account, facts.settings));
            n_needed_with(need, &gates(standing), facts.settings)
        }
        Purpose::Register => flow.n_needed,
    }
}

/// The passes that still stand. A fresh proof for one's methods stands while the registration is there: what the tenant
/// lets people reset with makes no difference to it.
pub(super) fn standing(flow: &Flow, facts: &Facts<'_>) -> Vec<Pass> {
    let Some(account) = facts.account else {
        return Vec::new();
    };
    let stands = |pass: &&Pass| match flow.purpose {
        Purpose::Reset | Purpose::Unlock => still_stands(pass, account, facts.settings),
        Purpose::Register => is_there(pass, account, facts.settings),
    };
    facts.passes.iter().filter(stands).cloned().collect()
}
