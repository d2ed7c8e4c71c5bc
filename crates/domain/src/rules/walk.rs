//! One flow, post by post: what the rows about proofs and steps walk through.

use super::*;
use crate::approval::{Asking, Heard};
use crate::flow::{
    Attempt, Client, Decision, Effect, Facts, Flow, Input, Purpose, Stage, State, Step, Subject, Verdict, decide,
    screen,
};
use crate::gate::{Pass, Root};
use crate::ids::{AttemptId, FlowId};
use crate::policy::PassUse;

/// The mailbox, the mobile and the phone on the desk of whoever resets.
const ADDRESS: &str = "uma@mail.example";
const MOBILE: &str = "+442079460089";
const OFFICE: &str = "+442079460011;ext=7";

/// What somebody does.
#[derive(Clone, Copy)]
pub(super) enum Did {
    /// Picks a method.
    Choose(Gate),
    /// Goes back to the choice.
    Back,
    /// Names an address or number.
    Name(&'static str),
    /// Types a code, a right or a wrong one.
    Code(bool),
    /// Answers the questions.
    Answer(bool),
    /// Shows a passkey.
    Passkey(bool),
    /// Waits for the phone, which says this.
    Hear(Heard),
    /// Chooses a way once the phone that was asked has said this.
    Turn(Gate, Heard),
    /// Types a new password, which is taken or not.
    Password(bool),
    /// Leaves.
    Leave,
    /// Asks the helpdesk.
    Help,
    /// Does nothing for so many seconds.
    Wait(u64),
}

/// The rows of one flow.
pub(super) struct Walk {
    pub(super) settings: TenantSettings,
    pub(super) account: Account,
    pub(super) flow: Flow,
    passes: Vec<Pass>,
    /// The try that was sent a code, until another one was.
    sent: Option<Attempt>,
    now: Timestamp,
}

/// A reset of somebody who has everything, with one method, where the truth may be told.
pub(super) fn one(_: &mut Walk) {}

/// The same with two methods.
pub(super) fn two(walk: &mut Walk) {
    walk.settings.policy.n_gates = 2;
}

/// The same where nothing may be told.
pub(super) fn discreet(walk: &mut Walk) {
    walk.flow.mode = Mode::Discreet;
}

/// Nobody's, where nothing may be told.
pub(super) fn nobodys(walk: &mut Walk) {
    walk.flow.mode = Mode::Discreet;
    walk.flow.subject = Subject::Hollow {
        account: None,
        why: Refusal::UserUnknown,
    };
}

/// An unlocking, with two methods.
pub(super) fn unlocking(walk: &mut Walk) {
    walk.flow.purpose = Purpose::Unlock;
    (walk.settings.policy.unlock.is_on, walk.settings.policy.n_gates) = (true, 2);
}

/// At a locked workstation.
pub(super) fn kiosk(walk: &mut Walk) {
    walk.flow.client = Client::Kiosk;
}

/// What the last of these posts led to: what is written, what is said, and where the flow stands.
pub(super) fn after(change: fn(&mut Walk), did: &[Did]) -> String {
    let mut walk = Walk::new(change);
    did.iter().filter_map(|one| walk.post(*one)).last().unwrap_or_default()
}

/// The methods that may be chosen after these posts, each with the mask that is shown.
pub(super) fn offers(change: fn(&mut Walk), did: &[Did]) -> String {
    let mut walk = Walk::new(change);
    for one in did {
        walk.post(*one);
    }
    let Step::Choose { gates, .. } = screen(&walk.flow, &walk.facts(Did::Back)).step else {
        return "none".to_owned();
    };
    let shown = gates.into_iter().map(|offer| match offer.hint {
        Some(hint) => format!("{} {hint}", offer.gate.code()),
        None => offer.gate.code().to_owned(),
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// The page of a flow that ended so: why, and what to say to the helpdesk.
pub(super) fn stopped(why: Refusal) -> String {
    let mut walk = Walk::new(one);
    walk.flow.state = State::Ended(why);
    let page = screen(&walk.flow, &walk.facts(Did::Back));
    match page.step {
        Step::Stopped(why) => format!("{} {}", why.code(), page.reference.unwrap_or_default()),
        other => other.code().to_owned(),
    }
}

/// How many methods the page says that it takes.
pub(super) fn n_shown(change: fn(&mut Walk)) -> String {
    let walk = Walk::new(change);
    match screen(&walk.flow, &walk.facts(Did::Back)).step {
        Step::Choose { progress, .. } => progress.n_needed.to_string(),
        other => other.code().to_owned(),
    }
}

impl Walk {
    fn new(change: fn(&mut Walk)) -> Self {
        let mut settings = settings(&Gate::ALL);
        settings.policy.one_time_pass = PassUse::Off;
        let methods = [
            (MethodKind::App, ""),
            (MethodKind::Authenticator, ""),
            (MethodKind::Passkey, ""),
            (MethodKind::Email, ADDRESS),
            (MethodKind::Mobile, MOBILE),
            (MethodKind::Office, OFFICE),
            (MethodKind::Questions, ANSWERED),
        ];
        let account = with(person(), &methods);
        let flow = Flow {
            id: FlowId(Uuid::from_u128(9)),
            rev: 0,
            subject: Subject::Account(account.id),
            user_name: account.user_name.clone(),
            purpose: Purpose::Reset,
            client: Client::Browser,
            mode: Mode::Explicit,
            state: State::Gating(None),
            n_needed: 1,
            n_failed: 0,
            password_changed_at: Some(account.password_changed_at),
            expires_at: NOW.plus(FLOW_LIFE),
            moved_at: NOW,
            refusals: Vec::new(),
            reference: "K7QM".to_owned(),
            is_help_asked: false,
        };
        let mut walk = Self {
            settings,
            account,
            flow,
            passes: Vec::new(),
            sent: None,
            now: NOW,
        };
        change(&mut walk);
        walk
    }

    fn facts(&self, did: Did) -> Facts<'_> {
        let given = self.account.one_time_pass.as_ref();
        let is_right = matches!(did, Did::Code(true) | Did::Answer(true) | Did::Passkey(true));
        Facts {
            settings: &self.settings,
            account: Some(&self.account).filter(|_| matches!(self.flow.subject, Subject::Account(_))),
            passes: &self.passes,
            blocked_until: None,
            may_send: Ok(()),
            earlier: match did {
                Did::Choose(gate) => self.sent.clone().filter(|sent| sent.gate == gate),
                _ => None,
            },
            verdict: if is_right { Verdict::Right } else { Verdict::Wrong },
            matched: given
                .map(|given| (given.id, given.root()))
                .filter(|_| self.is_at_pass()),
            asked: &[],
            asking: match did {
                Did::Hear(heard) | Did::Turn(_, heard) => Some(Asking {
                    number: None,
                    heard,
                    until: self.now,
                }),
                _ => None,
            },
            ceremony: None,
            troubled: &[],
            password_refusals: match did {
                Did::Password(false) => vec![Refusal::PwHistory],
                _ => Vec::new(),
            },
            is_last_password: false,
            now: self.now,
        }
    }

    fn is_at_pass(&self) -> bool {
        self.flow.open().is_some_and(|open| open.gate == Gate::OneTimePass)
    }

    fn input(&self, did: Did) -> Input {
        let secret = |text: &str| Secret::new(text.to_owned());
        match did {
            Did::Choose(gate) | Did::Turn(gate, _) => Input::Choose(Some(gate)),
            Did::Back | Did::Wait(_) => Input::Choose(None),
            Did::Name(address) if address.contains('@') => Input::Destination(Root::mail(address)),
            Did::Name(number) => Input::Destination(Root::phone(number)),
            Did::Code(_) if self.is_at_pass() => Input::Code(secret("4815162342108897")),
            Did::Code(_) => Input::Code(secret("481516")),
            Did::Answer(_) => Input::Answers((0..3).map(|_| secret("a stuffed pike")).collect()),
            Did::Passkey(_) => Input::Passkey(secret("{}")),
            Did::Hear(_) => Input::Collect,
            Did::Password(_) => Input::Password {
                new: secret("quaint lantern seven"),
                repeated: secret("quaint lantern seven"),
            },
            Did::Leave => Input::Cancel,
            Did::Help => Input::Help,
        }
    }

    fn post(&mut self, did: Did) -> Option<String> {
        if let Did::Wait(seconds) = did {
            self.now = self.now.plus(Duration::from_secs(seconds));
            return None;
        }
        let decision = decide(&self.flow, &self.input(did), &self.facts(did));
        let Some(decision) = decision else {
            return Some("stale".to_owned());
        };
        let said = said(&decision);
        self.apply(decision);
        Some(said)
    }

    fn apply(&mut self, decision: Decision) {
        self.flow.state = decision.next;
        for effect in decision.effects {
            match effect {
                Effect::Open { gate, method, stage } => {
                    self.flow.state = State::Gating(Some(attempt(gate, method, stage)));
                }
                Effect::Send { .. } => self.sent = self.flow.open().cloned(),
                Effect::Pass { gate, method, root } => self.passes.push(Pass { gate, root, method }),
                Effect::Fail => self.flow.n_failed += 1,
                Effect::AskHelp => self.flow.is_help_asked = true,
                Effect::Ask { .. } | Effect::RenewCookie | Effect::Confirm | Effect::Write | Effect::Unlock => {}
            }
        }
        self.flow.moved_at = self.now;
    }
}

fn attempt(gate: Gate, method: Option<(crate::ids::MethodId, Root)>, stage: Stage) -> Attempt {
    Attempt {
        id: AttemptId(Uuid::from_u128(10)),
        gate,
        method,
        stage,
        resend_at: None,
        send_key: None,
    }
}

fn said(decision: &Decision) -> String {
    let written = decision.effects.iter().filter_map(written_down);
    let refused = decision.refusals.iter().map(told);
    let stands = match &decision.next {
        State::Ended(why) => told(why),
        other => other.code().to_owned(),
    };
    written.chain(refused).chain([stands]).collect::<Vec<_>>().join(", ")
}

fn written_down(effect: &Effect) -> Option<String> {
    let text = match effect {
        Effect::Open { gate, .. } => format!("open {}", gate.code()),
        Effect::Send { method: Some(_) } => "send".to_owned(),
        Effect::Ask { method: Some(_) } => "ask".to_owned(),
        Effect::Send { method: None } | Effect::Ask { method: None } => "decoy".to_owned(),
        Effect::Pass { gate, .. } => format!("pass {}", gate.code()),
        Effect::Fail => "fail".to_owned(),
        Effect::Confirm => "confirm".to_owned(),
        Effect::Write => "write".to_owned(),
        Effect::Unlock => "unlock".to_owned(),
        Effect::AskHelp => "help".to_owned(),
        Effect::RenewCookie => return None,
    };
    Some(text)
}

/// A refusal with what it says beside its code.
pub(super) fn told(refusal: &Refusal) -> String {
    let code = refusal.code();
    match refusal {
        Refusal::CodeWrong { left } | Refusal::AnswersWrong { left } | Refusal::PasskeyWrong { left } => {
            format!("{code} {left}")
        }
        Refusal::PushEnded { why } | Refusal::CallEnded { why } => format!("{code} {}", why.code()),
        Refusal::TooFewMethods { have, need } => format!("{code} {have}/{need}"),
        _ => code.to_owned(),
    }
}
