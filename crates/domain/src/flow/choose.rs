//! A gate is chosen, and the address or number named that it goes to.

use super::decide::{Decision, Effect, Facts};
use super::prove::failed;
use super::screen::gates_open_to;
use super::state::{Attempt, Flow, Purpose, Stage, State, Subject};
use crate::gate::{Gate, Root};
use crate::ids::MethodId;
use crate::limits::FAILED_PROOFS_PER_FLOW;
use crate::policy::{Mode, is_in_edition, is_on_for};
use crate::refusal::Refusal;

pub(super) fn choose(flow: &Flow, open: Option<&Attempt>, gate: Gate, facts: &Facts<'_>) -> Decision {
    let offered = gates_open_to(flow, facts);
    let Some(found) = offered.into_iter().find(|offer| offer.0 == gate) else {
        return Decision::stay(flow, Refusal::MethodUnavailable);
    };
    let again = open.filter(|open| open.gate == gate && open.stage != Stage::Destination);
    match (gate, again) {
        (Gate::AppCode | Gate::Questions | Gate::OneTimePass, Some(_)) => Decision::to(flow.state.clone(), Vec::new()),
        // A passkey is asked for anew each time: what was asked before counts no more.
        (Gate::AppCode | Gate::Questions | Gate::Passkey | Gate::OneTimePass, _) => {
            opened(gate, found.1, Stage::Code, Vec::new())
        }
        (_, Some(open)) => again_to(flow, open, facts),
        // Where nothing may be told, another address or number may be named.
        _ if wants_destination(gate, flow.mode) && (facts.earlier.is_none() || flow.mode == Mode::Discreet) => {
            opened(gate, None, Stage::Destination, Vec::new())
        }
        _ => anew(flow, gate, found.1, facts),
    }
}

/// Whether the person names the address or number first: numbers always, addresses where nothing may be told (R15).
const fn wants_destination(gate: Gate, mode: Mode) -> bool {
    gate.is_phone() || (matches!(gate, Gate::Email) && matches!(mode, Mode::Discreet))
}

/// Asks a phone, or sends a code, without an address to be named.
fn anew(flow: &Flow, gate: Gate, method: Option<(MethodId, Root)>, facts: &Facts<'_>) -> Decision {
    match (&facts.earlier, &facts.may_send) {
        // Whoever comes back to it still has the code.
        (Some(earlier), _) => Decision::to(State::Gating(Some(earlier.clone())), Vec::new()),
        (None, Ok(())) => {
            let (stage, effect) = sent(gate, method.clone(), facts);
            opened(gate, method, stage, vec![effect])
        }
        (None, Err(refusal)) => Decision::stay(flow, refusal.clone()),
    }
}

/// What comes after the message of a gate, and the message itself.
fn sent(gate: Gate, method: Option<(MethodId, Root)>, facts: &Facts<'_>) -> (Stage, Effect) {
    let speaks_code = facts.settings.policy.phones.call_speaks_code;
    match gate {
        Gate::MobileCall if speaks_code => (Stage::Code, Effect::Ask { method }),
        Gate::AppPush | Gate::OfficeCall | Gate::MobileCall => (Stage::Waiting, Effect::Ask { method }),
        _ => (Stage::Code, Effect::Send { method }),
    }
}

fn opened(gate: Gate, method: Option<(MethodId, Root)>, stage: Stage, more: Vec<Effect>) -> Decision {
    let mut effects = vec![Effect::Open { gate, method, stage }];
    effects.extend(more);
    Decision::to(State::Gating(None), effects)
}

fn again_to(flow: &Flow, open: &Attempt, facts: &Facts<'_>) -> Decision {
    match &facts.may_send {
        Ok(()) => {
            let (stage, effect) = sent(open.gate, open.method.clone(), facts);
            let attempt = Attempt { stage, ..open.clone() };
            Decision::to(State::Gating(Some(attempt)), vec![effect])
        }
        Err(refusal) => Decision::stay(flow, refusal.clone()),
    }
}

/// The named address or number against the registered ones. In discreet mode the page goes on either way (R15).
pub(super) fn destination(flow: &Flow, open: &Attempt, named: &Root, facts: &Facts<'_>) -> Decision {
    if let Err(refusal) = &facts.may_send {
        return Decision::stay(flow, refusal.clone());
    }
    let known = registered(flow, open.gate, named, facts);
    let (is_known, mode) = (known.is_some(), flow.mode);
    let (stage, effect) = sent(open.gate, known.clone(), facts);
    let go_on = |effects: Vec<Effect>| {
        let attempt = Attempt {
            method: known.clone(),
            stage,
            ..open.clone()
        };
        Decision::to(State::Gating(Some(attempt)), effects)
    };
    match (is_known, mode) {
        // The registered one costs a try as any other does, or the tries that are left would tell which it is (R21).
        (_, Mode::Discreet) if flow.n_failed + 1 >= FAILED_PROOFS_PER_FLOW => failed(flow, Refusal::TriesSpent),
        (_, Mode::Discreet) => go_on(vec![Effect::Fail, effect]),
        (true, Mode::Explicit) => go_on(vec![effect]),
        (false, Mode::Explicit) => failed(flow, Refusal::DestinationMismatch),
    }
}

/// The registration of the gate that stands on this root. Where nothing may be told, a gate is offered to people whom the
/// policies keep from it: to them it leads nowhere, as it does to nobody (R22).
fn registered(flow: &Flow, gate: Gate, named: &Root, facts: &Facts<'_>) -> Option<(MethodId, Root)> {
    let Subject::Account(_) = flow.subject else { return None };
    let account = facts.account?;
    let is_theirs = match flow.purpose {
        Purpose::Reset | Purpose::Unlock => is_on_for(gate, account, facts.settings),
        Purpose::Register => is_in_edition(gate, Some(account), facts.settings),
    };
    if !is_theirs {
        return None;
    }
    account
        .methods_of(gate, &facts.settings.domains)
        .map(|method| (method.id, method.root()))
        .find(|(_, root)| root == named)
}
