//! A model of the flow: arbitrary posts in arbitrary order never reach a write that was not earned.

mod given;
mod posts;
mod settings;
mod unlocking;

use super::{
    Attempt, Client, Decision, Effect, Facts, Flow, Input, Purpose, Stage, State, Subject, Verdict, decide, screen,
};
use crate::account::Account;
use crate::approval::Asking;
use crate::gate::{Gate, MethodKind, Pass, Root, n_independent};
use crate::ids::{AttemptId, FlowId};
use crate::limits::{FAILED_PROOFS_PER_FLOW, FLOW_LIFE};
use crate::policy::{Mode, n_needed};
use crate::refusal::Refusal;
use crate::role::Role;
use crate::tenant::TenantSettings;
use crate::testing::{person, settings, with};
use crate::{Secret, Timestamp};
use posts::{Post, posts};
use proptest::prelude::*;
use std::time::Duration;
use uuid::Uuid;

/// The rows, as the service would keep them.
struct World {
    settings: TenantSettings,
    account: Account,
    flow: Flow,
    passes: Vec<Pass>,
    now: Timestamp,
    n_writes: u32,
    n_unlocks: u32,
    n_right: usize,
    /// How often the session was told to be proved anew.
    n_confirms: u32,
    /// The attempt that last got a code, until the code is spent.
    sent: Option<Attempt>,
}

const ADDRESS: &str = "uma@mail.example";
const MOBILE: &str = "+442079460089";
const OFFICE: &str = "+442079460011;ext=7";
const ANSWERED: &str = "hiding_place lost_way lost_thing toy_name den_name";

fn account(is_admin: bool) -> Account {
    Account {
        roles: if is_admin { vec![Role::Helpdesk] } else { Vec::new() },
        ..with(
            person(),
            &[
                (MethodKind::App, ""),
                (MethodKind::Authenticator, ""),
                (MethodKind::Passkey, ""),
                (MethodKind::Email, ADDRESS),
                (MethodKind::Mobile, MOBILE),
                (MethodKind::Office, OFFICE),
                (MethodKind::Questions, ANSWERED),
            ],
        )
    }
}

impl World {
    fn new(mode: Mode, n_gates: u32, is_admin: bool, is_hollow: bool) -> Self {
        let mut settings = settings(&Gate::ALL);
        settings.policy.n_gates = n_gates;
        let (mut account, now) = (account(is_admin), Timestamp::from_ms(1_000_000_000));
        account.one_time_pass = Some(given::pass(0, now));
        let subject = if is_hollow {
            Subject::Hollow {
                account: Some(account.id),
                why: Refusal::NotInScope,
            }
        } else {
            Subject::Account(account.id)
        };
        let flow = Flow {
            id: FlowId(Uuid::from_u128(9)),
            rev: 0,
            subject,
            user_name: account.user_name.clone(),
            purpose: Purpose::Reset,
            client: Client::Browser,
            mode,
            state: State::Gating(None),
            n_needed: n_needed(Some(&account), &settings),
            n_failed: 0,
            password_changed_at: Some(account.password_changed_at),
            expires_at: now.plus(FLOW_LIFE),
            moved_at: now,
            refusals: Vec::new(),
            reference: "TEST-TEST".to_owned(),
            is_help_asked: false,
        };
        Self {
            settings,
            account,
            flow,
            passes: Vec::new(),
            now,
            n_writes: 0,
            n_unlocks: 0,
            n_right: 0,
            n_confirms: 0,
            sent: None,
        }
    }

    /// A flow of somebody signed in, before they change their methods.
    fn of_registration(is_admin: bool) -> Self {
        let mut world = Self::new(Mode::Explicit, 2, is_admin, false);
        (world.flow.purpose, world.flow.n_needed) = (Purpose::Register, 1);
        world
    }

    fn facts(&self, post: &Post) -> Facts<'_> {
        let is_hollow = matches!(self.flow.subject, Subject::Hollow { .. });
        Facts {
            settings: &self.settings,
            account: Some(&self.account).filter(|_| !is_hollow),
            passes: &self.passes,
            blocked_until: None,
            may_send: match post {
                Post::Destination { may_send: false, .. } => Err(Refusal::SentEnough),
                _ => Ok(()),
            },
            earlier: match post {
                Post::Choose(Some(gate)) => self.sent.clone().filter(|sent| sent.gate == *gate),
                _ => None,
            },
            verdict: match post {
                Post::Code { is_right: true, .. } if self.is_at_pass() && self.matched(post).is_none() => {
                    Verdict::Wrong
                }
                Post::Code { is_right: true, .. }
                | Post::Answers { is_right: true }
                | Post::Passkey { is_right: true } => Verdict::Right,
                _ => Verdict::Wrong,
            },
            password_refusals: match post {
                Post::Password { is_good: false, .. } => vec![Refusal::PwHistory],
                _ => Vec::new(),
            },
            matched: self.matched(post),
            asking: match post {
                Post::Collect(heard) => Some(Asking {
                    number: None,
                    heard: *heard,
                    until: self.now,
                }),
                _ => None,
            },
            ceremony: None,
            asked: &[],
            troubled: &[],
            is_last_password: matches!(post, Post::Password { is_last: true, .. }),
            now: self.now,
        }
    }

    /// Applies a decision as the service does, and checks what must hold of it.
    fn post(&mut self, post: &Post) -> Result<(), TestCaseError> {
        let Some(input) = self.input(post) else { return Ok(()) };
        let facts = self.facts(post);
        screen(&self.flow, &facts);
        let Some(decision) = decide(&self.flow, &input, &facts) else {
            return Ok(());
        };
        let was_open = self.flow.state.is_open() && self.flow.expires_at > self.now;
        let is_write = decision.effects.contains(&Effect::Write);
        let is_unlock = decision.effects.contains(&Effect::Unlock);
        prop_assert!(was_open || decision.effects.iter().all(|effect| *effect == Effect::AskHelp));
        if is_write {
            self.is_earned()?;
            self.n_writes += 1;
        }
        self.apply(decision, is_write);
        if is_unlock {
            self.unlock(post)?;
        }
        prop_assert!(self.flow.n_failed <= FAILED_PROOFS_PER_FLOW);
        prop_assert!(self.flow.n_failed < FAILED_PROOFS_PER_FLOW || !self.flow.state.is_open());
        Ok(())
    }

    /// What the model knows by itself, without asking the code under test.
    fn is_earned(&self) -> Result<(), TestCaseError> {
        let need = if self.account.is_admin() {
            2
        } else {
            self.settings.policy.n_gates
        };
        let need = usize::try_from(need.max(self.flow.n_needed)).expect("a count fits");
        prop_assert!(matches!(self.flow.subject, Subject::Account(_)), "a hollow flow wrote");
        prop_assert!(self.n_right >= need, "{} right proofs, {need} needed", self.n_right);
        prop_assert!(n_independent(&self.passes) >= need);
        let by_answers = self.passes.iter().filter(|pass| pass.gate == Gate::Questions).count();
        prop_assert!(
            by_answers < need && (by_answers == 0 || !self.account.is_admin()),
            "R16"
        );
        prop_assert!(Some(self.account.password_changed_at) == self.flow.password_changed_at);
        prop_assert_eq!(self.n_writes + self.n_unlocks, 0, "one grant, one write");
        self.is_let(need)?;
        Ok(())
    }

    fn input(&mut self, post: &Post) -> Option<Input> {
        let secret = |text: &str| Secret::new(text.to_owned());
        match post {
            Post::Choose(gate) => return Some(Input::Choose(*gate)),
            Post::Destination { is_registered, .. } => {
                let named = match self.flow.open().map(|open| open.gate) {
                    _ if !is_registered => Root::mail("other@mail.example"),
                    Some(Gate::OfficeCall) => Root::phone(OFFICE),
                    Some(gate) if gate.is_phone() => Root::phone(MOBILE),
                    _ => Root::mail(ADDRESS),
                };
                return Some(Input::Destination(named));
            }
            Post::Passkey { .. } => return Some(Input::Passkey(secret("{}"))),
            Post::Collect(_) => return Some(Input::Collect),
            Post::Code { is_formed, .. } => return Some(Input::Code(secret(self.typed(*is_formed)))),
            Post::Answers { .. } => return Some(Input::Answers((0..3).map(|_| secret("a stuffed pike")).collect())),
            Post::Password { .. } => {
                return Some(Input::Password {
                    new: secret("x"),
                    repeated: secret("x"),
                });
            }
            Post::Cancel => return Some(Input::Cancel),
            Post::Help => return Some(Input::Help),
            Post::Wait(seconds) => self.now = self.now.plus(Duration::from_secs(u64::from(*seconds))),
            Post::Tighten => self.settings.policy.n_gates = 2,
            Post::RemoveApp => self.account.methods.retain(|method| method.kind != MethodKind::App),
            Post::ChangeElsewhere => self.account.password_changed_at = self.now,
            Post::Set(change) => self.set(*change),
            Post::Give => self.give(),
        }
        None
    }

    fn apply(&mut self, decision: Decision, is_end: bool) {
        let before = self.flow.state.clone();
        self.flow.state = decision.next;
        self.flow.refusals = decision.refusals;
        for effect in decision.effects {
            match effect {
                Effect::Open { gate, method, stage } => {
                    let id = AttemptId(Uuid::from_u128(self.flow.rev.unsigned_abs().into()));
                    self.flow.state = State::Gating(Some(Attempt {
                        id,
                        gate,
                        method,
                        stage,
                        resend_at: None,
                        send_key: None,
                    }));
                }
                Effect::Pass { gate, method, root } => {
                    let is_asked_for = matches!(&before, State::Gating(Some(open)) if open.stage != Stage::Destination && open.gate == gate);
                    self.n_right += usize::from(is_asked_for);
                    self.spend(gate);
                    self.passes.push(Pass { gate, root, method });
                    self.sent = None;
                }
                Effect::Fail => self.flow.n_failed += 1,
                Effect::AskHelp => self.flow.is_help_asked = true,
                Effect::Ask { .. } => {
                    let open = self.flow.open().expect("an open attempt asks");
                    assert!(open.gate == Gate::AppPush || open.gate.is_phone());
                }
                Effect::Send { .. } => {
                    if let State::Gating(open) = &self.flow.state {
                        self.sent.clone_from(open);
                    }
                }
                Effect::Confirm => self.n_confirms += 1,
                Effect::RenewCookie | Effect::Write | Effect::Unlock => {}
            }
        }
        if is_end {
            self.flow.state = State::Ended(Refusal::Stale);
        }
        self.flow.rev += 1;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn r05_no_sequence_of_posts_reaches_a_write_that_was_not_earned(
        posts in posts(),
        is_explicit in any::<bool>(),
        n_gates in 1_u32..=2,
        is_admin in any::<bool>(),
        is_hollow in prop::bool::weighted(0.2),
    ) {
        let mode = if is_explicit { Mode::Explicit } else { Mode::Discreet };
        let mut world = World::new(mode, n_gates, is_admin, is_hollow);
        for post in &posts {
            world.post(post)?;
        }
        prop_assert!(!is_hollow || world.passes.is_empty(), "a hollow flow passed a gate");
    }
}

proptest! {
    #[test]
    fn r08_a_proof_for_ones_methods_writes_no_password_and_confirms_once(posts in posts(), is_admin in any::<bool>()) {
        let mut world = World::of_registration(is_admin);
        for post in &posts {
            world.post(post)?;
        }
        prop_assert_eq!(world.n_writes, 0);
        prop_assert!(world.n_confirms <= 1 && usize::try_from(world.n_confirms).is_ok_and(|n| n <= world.n_right));
        let is_strong = |pass: &Pass| matches!(pass.gate, Gate::Passkey | Gate::AppPush | Gate::AppCode);
        prop_assert!(!is_admin || world.passes.iter().all(is_strong), "an administrator proved it otherwise (R50)");
    }
}

/// The way through: so that the property above is not kept by a flow that nobody can walk.
#[test]
fn two_right_proofs_and_a_good_password_write_once() {
    for mode in [Mode::Discreet, Mode::Explicit] {
        let mut world = World::new(mode, 2, false, false);
        let right = Post::Code {
            is_right: true,
            is_formed: true,
        };
        let mut walk = vec![Post::Choose(Some(Gate::Email))];
        if mode == Mode::Discreet {
            walk.push(Post::Destination {
                is_registered: true,
                may_send: true,
            });
        }
        walk.extend([
            right.clone(),
            Post::Choose(Some(Gate::AppCode)),
            right,
            Post::Password {
                is_good: false,
                is_last: false,
            },
            Post::Password {
                is_good: true,
                is_last: true,
            },
        ]);
        for post in walk {
            world.post(&post).expect("each post is in order");
        }
        assert_eq!(world.n_writes, 1, "{mode:?}");
    }
}

/// All orders of choosing, sending again and switching, of length up to four, give no pass.
#[test]
fn r03_choosing_resending_and_switching_never_pass_a_gate() {
    let choices = [Some(Gate::Email), Some(Gate::AppCode), None];
    for length in 1..=4_u32 {
        for n in 0..choices.len().pow(length) {
            let mut world = World::new(Mode::Explicit, 2, false, false);
            for place in 0..length {
                let choice = choices[n / choices.len().pow(place) % choices.len()];
                world.post(&Post::Choose(choice)).expect("a choice is in order");
            }
            assert!(world.passes.is_empty() && world.flow.state.code() == "gating");
        }
    }
}

/// Of the passwords that may be compared with former ones the last one ends the flow if it was one of them. R06.
#[test]
fn r06_the_last_password_that_may_be_compared_ends_the_flow_if_it_is_refused() {
    let bad = |is_last| Post::Password {
        is_good: false,
        is_last,
    };
    let mut world = World::new(Mode::Explicit, 1, false, false);
    let right = Post::Code {
        is_right: true,
        is_formed: true,
    };
    for post in [Post::Choose(Some(Gate::AppCode)), right, bad(false), bad(false)] {
        world.post(&post).expect("each post is in order");
    }
    assert_eq!(world.flow.state, State::Granted);
    world.post(&bad(true)).expect("a post in order");
    assert_eq!(world.flow.state, State::Ended(Refusal::TriesSpent));
    assert_eq!(world.n_writes, 0);
}
