//! A proof is given: right, wrong, or not yet there.

use super::decide::{Decision, Effect, Facts, Verdict};
use super::grant::has_enough;
use super::screen::gates_open_to;
use super::state::{Attempt, Flow, Purpose, State};
use crate::account::Account;
use crate::approval::{Answer, Heard};
use crate::gate::questions::given;
use crate::gate::{Gate, Pass, Root};
use crate::ids::MethodId;
use crate::limits::FAILED_PROOFS_PER_FLOW;
use crate::policy::is_on;
use crate::refusal::Refusal;
use crate::secret::Secret;

/// What has no form of a code cannot be one: it is told so, at the cost of no try.
pub(super) fn prove(flow: &Flow, open: &Attempt, is_code_form: bool, facts: &Facts<'_>) -> Decision {
    match right(open, facts) {
        _ if !is_code_form => Decision::stay(flow, wrong(open.gate, flow.n_tries_left())),
        Some((method, root)) => passed(flow, open.gate, *method, root, facts),
        None => failed(flow, wrong(open.gate, left(flow))),
    }
}

/// It is not the code: the same words for everybody.
const fn wrong(gate: Gate, left: u32) -> Refusal {
    match gate {
        Gate::OneTimePass => Refusal::PassWrong { left },
        _ => Refusal::CodeWrong { left },
    }
}

/// A passkey that was refused is asked for anew.
pub(super) fn passkey(flow: &Flow, open: &Attempt, facts: &Facts<'_>) -> Decision {
    match right(open, facts) {
        Some((method, root)) => passed(flow, open.gate, *method, root, facts),
        None => back_to_choice(failed(flow, Refusal::PasskeyWrong { left: left(flow) })),
    }
}

/// The registration that a right proof stands on: the one that it fits, else the one that the try names. A try at a one-time
/// pass names none, since one may be given while the page waits.
fn right<'a>(open: &'a Attempt, facts: &'a Facts<'_>) -> Option<&'a (MethodId, Root)> {
    if open.gate == Gate::OneTimePass {
        return facts.matched.as_ref().filter(|_| facts.verdict == Verdict::Right);
    }
    let named = open.method.as_ref()?;
    (facts.verdict == Verdict::Right).then(|| facts.matched.as_ref().unwrap_or(named))
}

/// Tries that are left after this one.
fn left(flow: &Flow) -> u32 {
    flow.n_tries_left().saturating_sub(1)
}

/// All answers at once, and one verdict without a word on which was wrong (R16). Fields in which no answer can be are told
/// so, at the cost of no try.
pub(super) fn answered(flow: &Flow, open: &Attempt, typed: &[Secret], facts: &Facts<'_>) -> Decision {
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
        _ => failed(flow, Refusal::AnswersWrong { left: left(flow) }),
    }
}

/// What the phone has answered by now. Not yet is no refusal; a request that came to nothing leads back to the choice, and
/// one that was denied or reported ends the flow (`domain.md` §4).
pub(super) fn collected(flow: &Flow, open: &Attempt, facts: &Facts<'_>) -> Decision {
    let heard = facts.asking.as_ref().map_or(Heard::Over, |asking| asking.heard);
    let why = match (heard, &open.method) {
        (Heard::Nothing, _) => return Decision::to(flow.state.clone(), Vec::new()),
        (Heard::Answered(Answer::Approved), Some((method, root))) => {
            return passed(flow, open.gate, *method, root, facts);
        }
        (Heard::Over | Heard::Answered(Answer::Approved), _) => Answer::Missed,
        (Heard::Answered(why), _) => why,
    };
    let refusal = match open.gate {
        Gate::AppPush => Refusal::PushEnded { why },
        _ => Refusal::CallEnded { why },
    };
    match why {
        Answer::Denied | Answer::NotMe => Decision::to(State::Ended(refusal), vec![Effect::Fail]),
        _ => back_to_choice(failed(flow, refusal)),
    }
}

/// The same, without the try: unless the flow is over, another gate may be chosen.
fn back_to_choice(decision: Decision) -> Decision {
    match decision.next {
        State::Gating(_) => Decision {
            next: State::Gating(None),
            ..decision
        },
        _ => decision,
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
        asking: None,
        ceremony: None,
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
        Purpose::Unlock if is_enough => effects.extend([Effect::RenewCookie, Effect::Unlock]),
        Purpose::Reset | Purpose::Unlock if is_first || is_enough => effects.push(Effect::RenewCookie),
        Purpose::Register if is_enough => effects.push(Effect::Confirm),
        Purpose::Reset | Purpose::Unlock | Purpose::Register => {}
    }
    match is_enough {
        true => Decision::to(State::Granted, effects),
        // A pass alone is not enough, and there is nothing that could stand beside it.
        false if gate == Gate::OneTimePass && gates_open_to(flow, &with_this).is_empty() => {
            Decision::to(State::Ended(Refusal::PassAlone), effects)
        }
        false => Decision::to(State::Gating(None), effects),
    }
}

pub(super) fn failed(flow: &Flow, refusal: Refusal) -> Decision {
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
