//! What a post does to a flow: total over state and input, pure.

use super::grant::{NoGrant, grant, has_enough};
use super::input::Input;
use super::screen::{Asked, gates_open_to};
use super::state::{Attempt, Flow, Purpose, Stage, State, Subject};
use crate::Timestamp;
use crate::account::Account;
use crate::gate::questions::given;
use crate::gate::{Gate, Pass, Root, email, is_code_form};
use crate::ids::MethodId;
use crate::limits::{FAILED_PROOFS_PER_FLOW, POSTS_PER_FLOW};
use crate::policy::{Mode, is_on};
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::tenant::TenantSettings;

/// What a comparison in constant time said about a proof; made before the decision (R10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It fits.
    Right,
    /// It does not, or there was nothing to compare with.
    Wrong,
}

/// What a decision needs to know, gathered from live rows.
pub struct Facts<'a> {
    /// What the tenant has set, now.
    pub settings: &'a TenantSettings,
    /// The subject, as it is now; nothing for a hollow flow.
    pub account: Option<&'a Account>,
    /// Gates passed in this flow.
    pub passes: &'a [Pass],
    /// Until when resets of the subject rest.
    pub blocked_until: Option<Timestamp>,
    /// Whether a message to the destination in question may go now.
    pub may_send: Result<(), Refusal>,
    /// The attempt of the chosen gate that was left open before, while its code still counts.
    pub earlier: Option<Attempt>,
    /// The comparison of the proof, where the post holds one.
    pub verdict: Verdict,
    /// The registration that the code fits, where a person has several of a kind; nothing: the one that the attempt names.
    pub matched: Option<(MethodId, Root)>,
    /// The questions that this flow asks, where it stands at that gate.
    pub asked: &'a [Asked],
    /// What the lists say of the new password, where the post holds one: its own rules, the common ones, the former ones.
    pub password_refusals: Vec<Refusal>,
    /// Whether it was the last one of this flow that may be compared with former ones, or came after that (R06).
    pub is_last_password: bool,
    /// Now.
    pub now: Timestamp,
}

/// What has to be written beside the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A new attempt, which takes the place of the open one.
    Open {
        /// The gate.
        gate: Gate,
        /// The registration; nothing where there is none to be proved.
        method: Option<(MethodId, Root)>,
        /// Where it begins.
        stage: Stage,
    },
    /// The open attempt gets a new code, and a message (or its decoy) goes out. The former code is void (R09).
    Send {
        /// The registration to send to; nothing for a decoy, which writes the same rows.
        method: Option<(MethodId, Root)>,
    },
    /// The proof is spent and the gate passed, in one (R03).
    Pass {
        /// The gate.
        gate: Gate,
        /// With what.
        method: MethodId,
        /// On which root.
        root: Root,
    },
    /// A proof failed.
    Fail,
    /// The flow's cookie gets a new value, and the old one is dead (R07).
    RenewCookie,
    /// The session has proved anew who it is, and gets a new cookie (R41, R53).
    Confirm,
    /// The password is written, by the grant.
    Write,
    /// The helpdesk is asked.
    AskHelp,
}

/// What a post leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The state after it. `Open` gives the attempt its id, so an opened attempt is not in here yet.
    pub next: State,
    /// What the page says to it; empty if it went well.
    pub refusals: Vec<Refusal>,
    /// What else is written.
    pub effects: Vec<Effect>,
}

impl Decision {
    fn to(next: State, effects: Vec<Effect>) -> Self {
        Self {
            next,
            refusals: Vec::new(),
            effects,
        }
    }

    fn stay(flow: &Flow, refusal: Refusal) -> Self {
        Self {
            next: flow.state.clone(),
            refusals: vec![refusal],
            effects: Vec::new(),
        }
    }

    fn end(refusal: Refusal) -> Self {
        Self::to(State::Ended(refusal), Vec::new())
    }
}

/// Decides a post. Nothing means that the step is over and the post changes nothing (409, or the page as it stands).
pub fn decide(flow: &Flow, input: &Input, facts: &Facts<'_>) -> Option<Decision> {
    if flow.is_over(facts.now) {
        return Some(Decision::end(Refusal::Expired));
    }
    if flow.state.is_open() && flow.rev >= POSTS_PER_FLOW {
        return Some(Decision::end(Refusal::TriesSpent));
    }
    match (&flow.state, input) {
        (State::Done(_) | State::Ended(Refusal::Expired), _) => None,
        (_, Input::Help) if flow.is_help_asked => Some(Decision::to(flow.state.clone(), Vec::new())),
        (_, Input::Help) => Some(Decision::to(flow.state.clone(), vec![Effect::AskHelp])),
        (State::Ended(_), _) => None,
        (_, Input::Cancel) => Some(Decision::end(Refusal::Cancelled)),
        (State::Gating(_), Input::Choose(None)) => Some(Decision::to(State::Gating(None), Vec::new())),
        (State::Gating(open), Input::Choose(Some(gate))) => Some(choose(flow, open.as_ref(), *gate, facts)),
        (State::Gating(Some(open)), Input::Destination(address)) if open.stage == Stage::Destination => {
            Some(destination(flow, open, address, facts))
        }
        (State::Gating(Some(open)), Input::Code(code)) if open.is_code_awaited() => {
            Some(prove(flow, open, is_code_form(code.expose()), facts))
        }
        (State::Gating(Some(open)), Input::Answers(typed)) if open.are_answers_awaited() => {
            Some(answered(flow, open, typed, facts))
        }
        (State::Granted, Input::Password { .. }) if flow.purpose == Purpose::Reset => Some(password(flow, facts)),
        _ => None,
    }
}

fn choose(flow: &Flow, open: Option<&Attempt>, gate: Gate, facts: &Facts<'_>) -> Decision {
    let offered = gates_open_to(flow, facts);
    let Some(found) = offered.iter().find(|offer| offer.0 == gate) else {
        return Decision::stay(flow, Refusal::MethodUnavailable);
    };
    let is_again = open.is_some_and(|open| open.gate == gate && open.stage == Stage::Code);
    match (gate, flow.mode) {
        (Gate::AppCode | Gate::Questions, _) if is_again => Decision::to(flow.state.clone(), Vec::new()),
        (Gate::AppCode | Gate::Questions, _) => opened(gate, found.1.clone(), Stage::Code, Vec::new()),
        (Gate::Email, _) if is_again => again(flow, open, facts),
        (Gate::Email, Mode::Discreet) => opened(gate, None, Stage::Destination, Vec::new()),
        (Gate::Email, Mode::Explicit) => match (&facts.earlier, &facts.may_send) {
            // Whoever comes back to it still has the code in their mailbox. In discreet mode another address may be named.
            (Some(earlier), _) => Decision::to(State::Gating(Some(earlier.clone())), Vec::new()),
            (None, Ok(())) => opened(
                gate,
                found.1.clone(),
                Stage::Code,
                vec![Effect::Send {
                    method: found.1.clone(),
                }],
            ),
            (None, Err(refusal)) => Decision::stay(flow, refusal.clone()),
        },
    }
}

fn opened(gate: Gate, method: Option<(MethodId, Root)>, stage: Stage, more: Vec<Effect>) -> Decision {
    let mut effects = vec![Effect::Open { gate, method, stage }];
    effects.extend(more);
    Decision::to(State::Gating(None), effects)
}

fn again(flow: &Flow, open: Option<&Attempt>, facts: &Facts<'_>) -> Decision {
    match &facts.may_send {
        Ok(()) => {
            let method = open.and_then(|open| open.method.clone());
            Decision::to(flow.state.clone(), vec![Effect::Send { method }])
        }
        Err(refusal) => Decision::stay(flow, refusal.clone()),
    }
}

/// The typed address against the registered ones. In discreet mode the page goes on either way (R15).
fn destination(flow: &Flow, open: &Attempt, address: &str, facts: &Facts<'_>) -> Decision {
    if let Err(refusal) = &facts.may_send {
        return Decision::stay(flow, refusal.clone());
    }
    let known = registered(flow, address, facts);
    let (is_known, mode) = (known.is_some(), flow.mode);
    let go_on = |effects: Vec<Effect>| {
        let attempt = Attempt {
            method: known.clone(),
            stage: Stage::Code,
            ..open.clone()
        };
        Decision::to(State::Gating(Some(attempt)), effects)
    };
    match (is_known, mode) {
        // The registered address costs a try as any other does, or the tries that are left would tell which it is (R21).
        (_, Mode::Discreet) if flow.n_failed + 1 >= FAILED_PROOFS_PER_FLOW => failed(flow, Refusal::TriesSpent),
        (_, Mode::Discreet) => go_on(vec![Effect::Fail, Effect::Send { method: known.clone() }]),
        (true, Mode::Explicit) => go_on(vec![Effect::Send { method: known.clone() }]),
        (false, Mode::Explicit) => failed(flow, Refusal::DestinationMismatch),
    }
}

/// The registration of the mail gate that has this address.
fn registered(flow: &Flow, address: &str, facts: &Facts<'_>) -> Option<(MethodId, Root)> {
    let Subject::Account(_) = flow.subject else { return None };
    facts
        .account?
        .methods_of(Gate::Email, &facts.settings.domains)
        .find(|method| {
            method
                .value
                .as_deref()
                .is_some_and(|value| email::canonical(value) == address)
        })
        .map(|method| (method.id, method.root()))
}

/// What has no form of a code cannot be one: it is told so, at the cost of no try.
fn prove(flow: &Flow, open: &Attempt, is_code_form: bool, facts: &Facts<'_>) -> Decision {
    match (
        open.method
            .as_ref()
            .map(|named| facts.matched.as_ref().unwrap_or(named)),
        facts.verdict,
    ) {
        _ if !is_code_form => Decision::stay(
            flow,
            Refusal::CodeWrong {
                left: flow.n_tries_left(),
            },
        ),
        (Some((method, root)), Verdict::Right) => passed(flow, open.gate, *method, root, facts),
        _ => failed(
            flow,
            Refusal::CodeWrong {
                left: flow.n_tries_left().saturating_sub(1),
            },
        ),
    }
}

/// All answers at once, and one verdict without a word on which was wrong (R16). Fields in which no answer can be are told
/// so, at the cost of no try.
fn answered(flow: &Flow, open: &Attempt, typed: &[Secret], facts: &Facts<'_>) -> Decision {
    let is_admin = facts.account.is_some_and(Account::is_admin);
    if !is_on(Gate::Questions, is_admin, facts.settings) {
        // Switched off meanwhile, or in attack mode: nothing is told of the answers.
        return Decision {
            refusals: vec![Refusal::MethodUnavailable],
            ..Decision::to(State::Gating(None), Vec::new())
        };
    }
    if let Err(refusals) = given(typed, facts.settings.policy.questions.n_reset()) {
        return Decision {
            refusals,
            ..Decision::to(flow.state.clone(), Vec::new())
        };
    }
    match (&open.method, facts.verdict) {
        (Some((method, root)), Verdict::Right) => passed(flow, open.gate, *method, root, facts),
        _ => failed(
            flow,
            Refusal::AnswersWrong {
                left: flow.n_tries_left().saturating_sub(1),
            },
        ),
    }
}

fn passed(flow: &Flow, gate: Gate, method: MethodId, root: &Root, facts: &Facts<'_>) -> Decision {
    let mut passes = facts.passes.to_vec();
    passes.push(Pass {
        gate,
        root: root.clone(),
        method,
    });
    let with_this = Facts {
        passes: &passes,
        may_send: Ok(()),
        earlier: None,
        matched: None,
        password_refusals: Vec::new(),
        ..*facts
    };
    let is_first = facts.passes.is_empty();
    let is_enough = has_enough(flow, &with_this);
    let mut effects = vec![Effect::Pass {
        gate,
        method,
        root: root.clone(),
    }];
    match flow.purpose {
        Purpose::Reset if is_first || is_enough => effects.push(Effect::RenewCookie),
        Purpose::Register if is_enough => effects.push(Effect::Confirm),
        Purpose::Reset | Purpose::Register => {}
    }
    if is_enough {
        Decision::to(State::Granted, effects)
    } else {
        Decision::to(State::Gating(None), effects)
    }
}

fn failed(flow: &Flow, refusal: Refusal) -> Decision {
    let effects = vec![Effect::Fail];
    if flow.n_failed + 1 >= FAILED_PROOFS_PER_FLOW {
        Decision::to(State::Ended(Refusal::TriesSpent), effects)
    } else {
        Decision {
            next: flow.state.clone(),
            refusals: vec![refusal],
            effects,
        }
    }
}

fn password(flow: &Flow, facts: &Facts<'_>) -> Decision {
    match grant(flow, facts) {
        Err(NoGrant::Ended(refusal)) => Decision::end(refusal),
        Err(NoGrant::ProveAgain) => Decision {
            refusals: vec![Refusal::Stale],
            ..Decision::to(State::Gating(None), Vec::new())
        },
        Ok(_) if facts.is_last_password && !facts.password_refusals.is_empty() => Decision::end(Refusal::TriesSpent),
        Ok(_) if !facts.password_refusals.is_empty() => Decision {
            refusals: facts.password_refusals.clone(),
            ..Decision::to(State::Granted, Vec::new())
        },
        Ok(_) => Decision::to(State::Granted, vec![Effect::Write]),
    }
}
