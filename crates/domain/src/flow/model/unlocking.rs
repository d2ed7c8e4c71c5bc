//! Unlocking in the model: what it takes, and that it writes no password (R57).

use super::posts::{Post, posts};
use super::{Gate, Mode, Purpose, State, World};
use crate::flow::grant;
use crate::refusal::Refusal;
use proptest::prelude::*;

impl World {
    /// Somebody who knows the password, and cannot sign in.
    fn of_unlocking(mode: Mode, n_gates: u32, is_admin: bool) -> Self {
        let mut world = Self::new(mode, n_gates, is_admin, false);
        (world.flow.purpose, world.settings.policy.unlock.is_on) = (Purpose::Unlock, true);
        world
    }

    /// The pass that it takes has come; the grant is computed from settings as they are now, where the lock is lifted (R05).
    pub(super) fn unlock(&mut self, post: &Post) -> Result<(), TestCaseError> {
        let granted = grant(&self.flow, &self.facts(post));
        if granted.is_ok_and(|grant| grant.of_lock().is_some()) {
            self.is_earned()?;
            self.n_unlocks += 1;
        }
        self.flow.state = State::Ended(Refusal::Stale);
        Ok(())
    }
}

proptest! {
    #[test]
    fn r57_no_sequence_of_posts_unlocks_what_was_not_earned_and_none_writes_a_password(
        posts in posts(),
        is_explicit in any::<bool>(),
        n_gates in 1_u32..=2,
        is_admin in any::<bool>(),
    ) {
        let mode = if is_explicit { Mode::Explicit } else { Mode::Discreet };
        let mut world = World::of_unlocking(mode, n_gates, is_admin);
        for post in &posts {
            world.post(post)?;
        }
        prop_assert_eq!(world.n_writes, 0);
        prop_assert!(world.n_unlocks <= 1);
    }
}

/// The way through an unlocking, which ends with its last proof.
#[test]
fn r57_the_last_proof_of_an_unlocking_unlocks() {
    let mut world = World::of_unlocking(Mode::Explicit, 2, false);
    let right = Post::Code {
        is_right: true,
        is_formed: true,
    };
    for gate in [Gate::Email, Gate::AppCode] {
        assert_eq!(world.n_unlocks, 0);
        for post in [Post::Choose(Some(gate)), right.clone()] {
            world.post(&post).expect("each post is in order");
        }
    }
    assert_eq!((world.n_unlocks, world.n_writes), (1, 0));
}
