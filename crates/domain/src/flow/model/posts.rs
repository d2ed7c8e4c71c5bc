//! Posts in any order, and what the world says to each.

use crate::approval::{Answer, Heard};
use crate::gate::Gate;
use crate::policy::{Means, Migration, PassUse};
use proptest::prelude::*;

/// A post, and what the world says to it.
#[derive(Clone, Debug)]
pub(super) enum Post {
    Choose(Option<Gate>),
    Destination {
        is_registered: bool,
        may_send: bool,
    },
    Code {
        is_right: bool,
        is_formed: bool,
    },
    Answers {
        is_right: bool,
    },
    Passkey {
        is_right: bool,
    },
    Collect(Heard),
    Password {
        is_good: bool,
        is_last: bool,
    },
    Cancel,
    Help,
    Wait(u32),
    Tighten,
    RemoveApp,
    ChangeElsewhere,
    Set(Change),
    /// Staff give another one-time pass.
    Give,
}

/// What an administrator saves between posts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Gate(Gate, bool),
    TwoGates(bool),
    Scope(bool),
    Plan(bool),
    AdminReset(bool),
    Excluded(bool),
    Unlock(bool),
    OneTimePass(PassUse),
    /// The state of the methods policy.
    Methods(Migration),
    /// Of one of its methods: on, only for the group that the person is in or one that they are not in, not for their group.
    Rule(Means, bool, Option<bool>, bool),
}

pub(super) fn posts() -> impl Strategy<Value = Vec<Post>> {
    let gates: Vec<Option<Gate>> = Gate::ALL
        .into_iter()
        .chain([Gate::OneTimePass; 2])
        .map(Some)
        .chain([None])
        .collect();
    let gate = prop::sample::select(gates);
    let heard = [
        Heard::Nothing,
        Heard::Over,
        Heard::Answered(Answer::Approved),
        Heard::Answered(Answer::Approved),
        Heard::Answered(Answer::Denied),
        Heard::Answered(Answer::NotMe),
        Heard::Answered(Answer::Wrong),
    ];
    let heard = prop::sample::select(heard.to_vec());
    // On more often than off: what is off for good earns nothing.
    let is_on = || prop::bool::weighted(0.7);
    let change = prop_oneof![
        4 => (prop::sample::select(Gate::ALL.to_vec()), is_on()).prop_map(|(gate, is_on)| Change::Gate(gate, is_on)),
        2 => any::<bool>().prop_map(Change::TwoGates),
        1 => is_on().prop_map(Change::Scope),
        1 => is_on().prop_map(Change::Plan),
        1 => is_on().prop_map(Change::AdminReset),
        1 => is_on().prop_map(|is_in| Change::Excluded(!is_in)),
        1 => is_on().prop_map(Change::Unlock),
        2 => prop::sample::select(PassUse::ALL.to_vec()).prop_map(Change::OneTimePass),
        2 => prop::sample::select(Migration::ALL.to_vec()).prop_map(Change::Methods),
        4 => (prop::sample::select(Means::ALL.to_vec()), is_on(), prop::option::of(is_on()), prop::bool::weighted(0.2))
            .prop_map(|(means, is_on, only, leaves_out)| Change::Rule(means, is_on, only, leaves_out)),
    ];
    let post = prop_oneof![
        8 => gate.prop_map(Post::Choose),
        4 => any::<bool>().prop_map(|is_right| Post::Passkey { is_right }),
        4 => heard.prop_map(Post::Collect),
        4 => (any::<bool>(), any::<bool>()).prop_map(|(is_registered, may_send)| Post::Destination { is_registered, may_send }),
        8 => (any::<bool>(), any::<bool>()).prop_map(|(is_right, is_formed)| Post::Code { is_right, is_formed }),
        4 => any::<bool>().prop_map(|is_right| Post::Answers { is_right }),
        5 => (any::<bool>(), any::<bool>()).prop_map(|(is_good, is_last)| Post::Password { is_good, is_last }),
        1 => Just(Post::Cancel),
        1 => Just(Post::Help),
        1 => (0_u32..400).prop_map(Post::Wait),
        1 => Just(Post::Tighten),
        1 => Just(Post::RemoveApp),
        1 => Just(Post::ChangeElsewhere),
        3 => change.prop_map(Post::Set),
        1 => Just(Post::Give),
    ];
    prop::collection::vec(post, 0..50)
}
