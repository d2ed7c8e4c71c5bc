//! One-time passes in the model: given, typed, spent, and what they open (R52).

use super::posts::{Change, Post};
use super::{Mode, State, World};
use crate::Timestamp;
use crate::gate::one_time::OneTimePass;
use crate::gate::{Gate, Root};
use crate::ids::MethodId;
use crate::limits::ONE_TIME_PASS_LIFE;
use crate::policy::PassUse;
use crate::refusal::Refusal;
use uuid::Uuid;

/// One of those that are given, one after the other.
pub(super) fn pass(n: u128, now: Timestamp) -> OneTimePass {
    OneTimePass {
        id: MethodId(Uuid::from_u128(5_200 + n)),
        expires_at: now.plus(ONE_TIME_PASS_LIFE),
        is_spent: false,
    }
}

impl World {
    /// Staff give another one, and the former is over.
    pub(super) fn give(&mut self) {
        let n = self.flow.rev.unsigned_abs().into();
        self.account.one_time_pass = Some(pass(n, self.now));
    }

    pub(super) fn is_at_pass(&self) -> bool {
        self.flow.open().is_some_and(|open| open.gate == Gate::OneTimePass)
    }

    /// What the rows say of a right pass. Whether it counts for this person the decision has to know by itself.
    pub(super) fn matched(&self, post: &Post) -> Option<(MethodId, Root)> {
        let is_right = matches!(post, Post::Code { is_right: true, .. }) && self.is_at_pass();
        let given = self
            .account
            .one_time_pass
            .as_ref()
            .filter(|given| given.is_good(self.now));
        let is_theirs = matches!(self.flow.subject, super::Subject::Account(_));
        given
            .filter(|_| is_right && is_theirs)
            .map(|given| (given.id, given.root()))
    }

    pub(super) fn typed(&self, is_formed: bool) -> &'static str {
        match (is_formed, self.is_at_pass()) {
            (false, _) => "12",
            (true, true) => "4815162342108897",
            (true, false) => "123456",
        }
    }

    pub(super) fn spend(&mut self, gate: Gate) {
        if let Some(given) = self
            .account
            .one_time_pass
            .as_mut()
            .filter(|_| gate == Gate::OneTimePass)
        {
            assert!(!given.is_spent, "a pass was spent twice");
            given.is_spent = true;
        }
    }

    fn walk(&mut self, posts: &[Post]) {
        for post in posts {
            self.post(post).expect("each post is in order");
        }
    }
}

const RIGHT: Post = Post::Code {
    is_right: true,
    is_formed: true,
};
const GOOD: Post = Post::Password {
    is_good: true,
    is_last: false,
};

fn choose(gate: Gate) -> Post {
    Post::Choose(Some(gate))
}

/// The ways through, and those that are none: what the tenant asks for, what is passed, and whether a password is written.
#[test]
fn r52_a_pass_is_one_gate_and_takes_one_beside_it_unless_the_tenant_says_otherwise() {
    use PassUse::{Alone, Beside, Off};
    let pass = &[choose(Gate::OneTimePass), RIGHT][..];
    let app = &[choose(Gate::AppCode), RIGHT][..];
    for (worth, n_gates, walks, is_written) in [
        (Beside, 1, vec![pass], false),
        (Beside, 1, vec![pass, app], true),
        (Beside, 2, vec![app, pass], true),
        (Beside, 2, vec![pass, pass], false),
        (Alone, 1, vec![pass], true),
        (Alone, 2, vec![pass], false),
        (Alone, 2, vec![pass, app], true),
        (Off, 1, vec![pass], false),
        (Off, 2, vec![pass, app], false),
    ] {
        for mode in [Mode::Discreet, Mode::Explicit] {
            let mut world = World::new(mode, n_gates, false, false);
            world.set(Change::OneTimePass(worth));
            for walk in &walks {
                world.walk(walk);
            }
            world.walk(&[GOOD]);
            assert_eq!(
                world.n_writes == 1,
                is_written,
                "{worth:?} {n_gates} {walks:?} {mode:?}"
            );
        }
    }
}

/// What the audit is told of a grant: whether anything stood beside the pass.
#[test]
fn r52_a_grant_says_whether_it_stands_on_a_pass_alone() {
    let app = &[choose(Gate::AppCode), RIGHT][..];
    let pass = &[choose(Gate::OneTimePass), RIGHT][..];
    for (n_gates, walks, expect) in [
        (1, vec![pass], Some("alone")),
        (2, vec![pass, app], Some("beside")),
        (1, vec![app], None),
    ] {
        let mut world = World::new(Mode::Explicit, n_gates, false, false);
        world.set(Change::OneTimePass(PassUse::Alone));
        for walk in &walks {
            world.walk(walk);
        }
        let granted = crate::flow::grant(&world.flow, &world.facts(&Post::Help)).expect("a grant");
        assert_eq!(granted.pass_use(), expect, "{walks:?}");
    }
}

#[test]
fn r52_what_changes_between_the_pass_and_the_password_holds() {
    let gone = |world: &mut World| world.account.one_time_pass = None;
    let off = |world: &mut World| world.set(Change::OneTimePass(PassUse::Off));
    let beside = |world: &mut World| world.set(Change::OneTimePass(PassUse::Beside));
    let role = |world: &mut World| world.account.roles = vec![crate::role::Role::Helpdesk];
    let changes: [fn(&mut World); 5] = [World::give, gone, off, beside, role];
    for change in changes {
        let mut world = World::new(Mode::Explicit, 1, false, false);
        world.set(Change::OneTimePass(PassUse::Alone));
        world.walk(&[choose(Gate::OneTimePass), RIGHT]);
        assert_eq!(world.flow.state, State::Granted);
        change(&mut world);
        world.walk(&[GOOD]);
        assert_eq!((world.n_writes, world.flow.state), (0, State::Gating(None)));
    }
}

/// A pass is right, and there is nothing of their own beside it: that is said, and it is over.
#[test]
fn r52_whoever_has_no_method_of_their_own_is_told_what_is_missing() {
    for mode in [Mode::Discreet, Mode::Explicit] {
        let mut world = World::new(mode, 1, false, false);
        world.account.methods.clear();
        world.walk(&[choose(Gate::OneTimePass), RIGHT]);
        assert_eq!(world.flow.state, State::Ended(Refusal::PassAlone), "{mode:?}");
    }
}

#[test]
fn r52_administrators_pass_no_gate_by_it() {
    for (mode, n_passes) in [(Mode::Discreet, 1), (Mode::Explicit, 0)] {
        let mut world = World::new(mode, 1, true, false);
        world.set(Change::OneTimePass(PassUse::Alone));
        world.walk(&[choose(Gate::OneTimePass), RIGHT]);
        assert_eq!(world.passes.len(), n_passes, "{mode:?}");
        world.walk(&[choose(Gate::AppCode), RIGHT, GOOD]);
        assert_eq!(world.n_writes, 0, "{mode:?}: one gate is not two");
    }
}
