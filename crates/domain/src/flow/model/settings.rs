//! Settings that change between posts: what was allowed when a gate was passed has to be so when something is written.

use super::posts::Change;
use super::{Purpose, World};
use crate::gate::{Gate, Pass, n_independent};
use crate::ids::GroupId;
use crate::policy::{Edition, Means, Migration, PassUse, Rule, Scope};
use proptest::prelude::*;
use uuid::Uuid;

const LEFT_OUT: GroupId = GroupId(Uuid::from_u128(77));
const ANOTHER: GroupId = GroupId(Uuid::from_u128(78));

impl World {
    /// An administrator saves it.
    pub(super) fn set(&mut self, change: Change) {
        let policy = &mut self.settings.policy;
        match change {
            Change::Gate(gate, is_on) => {
                policy.gates.retain(|other| *other != gate);
                policy.gates.extend(is_on.then_some(gate));
            }
            Change::TwoGates(two) => policy.n_gates = if two { 2 } else { 1 },
            Change::Scope(is_on) => policy.scope = if is_on { Scope::All } else { Scope::None },
            Change::Plan(has_resets) => {
                self.settings.edition = if has_resets { Edition::Full } else { Edition::Free };
            }
            Change::AdminReset(is_on) => policy.admin_reset = is_on,
            Change::Excluded(is_out) => {
                self.account.groups = vec![LEFT_OUT];
                policy.excluded_groups = Vec::from_iter(is_out.then_some(LEFT_OUT));
            }
            Change::Unlock(is_on) => policy.unlock.is_on = is_on,
            Change::OneTimePass(worth) => policy.one_time_pass = worth,
            Change::Methods(state) => policy.methods.state = state,
            Change::Rule(means, is_on, only, leaves_out) => {
                self.account.groups = vec![LEFT_OUT];
                let group = |is_theirs| if is_theirs { LEFT_OUT } else { ANOTHER };
                let rule = Rule {
                    is_on,
                    groups: only.map(group).into_iter().collect(),
                    excluded_groups: Vec::from_iter(leaves_out.then_some(LEFT_OUT)),
                };
                policy.methods.rules.insert(means, rule);
                policy.methods.ways = Gate::ALL.to_vec();
            }
        }
    }

    /// What the settings say at the moment of the write, told here without the code under test.
    pub(super) fn is_let(&self, need: usize) -> Result<(), TestCaseError> {
        let (policy, is_admin) = (&self.settings.policy, self.account.is_admin());
        let in_scope = policy.scope != Scope::None && policy.excluded_groups.is_empty();
        let is_let = match is_admin {
            true => policy.admin_reset,
            false => in_scope && self.settings.edition == Edition::Full,
        };
        prop_assert!(is_let, "the settings did not allow it any more");
        prop_assert!(self.flow.purpose != Purpose::Unlock || policy.unlock.is_on);
        let is_on = |pass: &&Pass| is_admin || self.is_theirs(pass.gate);
        let is_there = |pass: &&Pass| self.account.methods.iter().any(|method| method.id == pass.method);
        let counting: Vec<Pass> = self.passes.iter().filter(is_on).filter(is_there).cloned().collect();
        let own = n_independent(&counting);
        prop_assert!(
            own >= need || self.is_enough_with_pass(own, need),
            "a pass counted that was switched off"
        );
        Ok(())
    }

    /// Whether the one-time pass that was given last has been passed, still counts, and is enough with so many of their own (R52).
    fn is_enough_with_pass(&self, own: usize, need: usize) -> bool {
        let newest = self.account.one_time_pass.as_ref().map(|given| given.id);
        let is_last = |pass: &Pass| pass.gate == Gate::OneTimePass && Some(pass.method) == newest;
        let least = match self.settings.policy.one_time_pass {
            PassUse::Off => return false,
            PassUse::Beside => need.max(2),
            PassUse::Alone => need,
        };
        !self.account.is_admin() && self.passes.iter().any(is_last) && own + 1 >= least
    }

    /// Whether one of the policies that count has a gate for the person.
    fn is_theirs(&self, gate: Gate) -> bool {
        let policy = &self.settings.policy;
        let is_in = |groups: &[GroupId]| groups.iter().any(|group| self.account.groups.contains(group));
        let by_rule = Means::of(gate)
            .and_then(|means| policy.methods.rules.get(&means))
            .is_some_and(|rule| {
                rule.is_on && !is_in(&rule.excluded_groups) && (rule.groups.is_empty() || is_in(&rule.groups))
            });
        let by_page = policy.gates.contains(&gate);
        match policy.methods.state {
            _ if gate == Gate::Questions => by_page,
            Migration::PreMigration => by_page,
            Migration::InProgress => by_page || by_rule,
            Migration::Complete => by_rule,
        }
    }
}
