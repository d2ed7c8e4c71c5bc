//! What a post does to a flow: total over state and input, pure.

use super::choose::{choose, destination};
use super::grant::{NoGrant, grant};
use super::input::Input;
use super::prove::{answered, collected, passkey, prove};
use super::screen::{Asked, HelpRequest, help_request};
use super::state::{Attempt, Flow, Purpose, Stage, State};
use crate::Timestamp;
use crate::account::Account;
use crate::approval::{Answer, Asking, Heard};
use crate::gate::{Gate, Pass, Root};
use crate::ids::MethodId;
use crate::limits::POSTS_PER_FLOW;
use crate::notice::ChannelKind;
use crate::refusal::Refusal;
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
    /// The registration that the code fits, where a person has several of a kind, and a one-time pass; nothing:
    /// the one that the attempt names.
    pub matched: Option<(MethodId, Root)>,
    /// The questions that this flow asks, where it stands at that gate.
    pub asked: &'a [Asked],
    /// The phone that the open try has asked, and what came back.
    pub asking: Option<Asking>,
    /// The options of the passkey that the open try asks for: JSON for the browser.
    pub ceremony: Option<String>,
    /// Channels that fail at the moment, whoever uses them.
    pub troubled: &'a [ChannelKind],
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
    /// A phone is asked, by a call or in the app, or its decoy is; a former request of the open attempt is void.
    Ask {
        /// The registration to ask; nothing for a decoy, which writes the same rows.
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
    /// The lock is lifted, by a grant computed with the pass that comes before it. What becomes of the flow hangs on whether
    /// there was a lock.
    Unlock,
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
    pub(super) fn to(next: State, effects: Vec<Effect>) -> Self {
        Self {
            next,
            refusals: Vec::new(),
            effects,
        }
    }

    pub(super) fn stay(flow: &Flow, refusal: Refusal) -> Self {
        Self {
            next: flow.state.clone(),
            refusals: vec![refusal],
            effects: Vec::new(),
        }
    }

    pub(super) fn end(refusal: Refusal) -> Self {
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
        (_, Input::Help) => match help_request(flow, facts.settings) {
            HelpRequest::No => None,
            HelpRequest::Done => Some(Decision::to(flow.state.clone(), Vec::new())),
            HelpRequest::Open => Some(Decision::to(flow.state.clone(), vec![Effect::AskHelp])),
        },
        (State::Ended(_), _) => None,
        (_, Input::Cancel) => Some(Decision::end(Refusal::Cancelled)),
        // Whoever goes on elsewhere learns first that the phone has said no.
        (State::Gating(Some(open)), Input::Choose(_)) if is_denied(open, facts) => Some(collected(flow, open, facts)),
        (State::Gating(_), Input::Choose(None)) => Some(Decision::to(State::Gating(None), Vec::new())),
        (State::Gating(open), Input::Choose(Some(gate))) => Some(choose(flow, open.as_ref(), *gate, facts)),
        (State::Gating(Some(open)), Input::Destination(named)) if open.stage == Stage::Destination => {
            Some(destination(flow, open, named, facts))
        }
        (State::Gating(Some(open)), Input::Code(code)) if open.is_code_awaited() => {
            Some(prove(flow, open, open.gate.is_code_form(code.expose()), facts))
        }
        (State::Gating(Some(open)), Input::Answers(typed)) if open.are_answers_awaited() => {
            Some(answered(flow, open, typed, facts))
        }
        (State::Gating(Some(open)), Input::Passkey(_)) if open.is_passkey_awaited() => Some(passkey(flow, open, facts)),
        (State::Gating(Some(open)), Input::Collect) if open.stage == Stage::Waiting => {
            Some(collected(flow, open, facts))
        }
        (State::Granted, Input::Password { .. }) if flow.purpose == Purpose::Reset => Some(password(flow, facts)),
        _ => None,
    }
}

/// Whether the phone that was asked has denied or reported it, and that may be told.
fn is_denied(open: &Attempt, facts: &Facts<'_>) -> bool {
    let heard = facts.asking.as_ref().map(|asking| asking.heard);
    open.stage == Stage::Waiting && matches!(heard, Some(Heard::Answered(Answer::Denied | Answer::NotMe)))
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
