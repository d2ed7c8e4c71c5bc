//! What a page draws. It is written into the HTML, so nothing is in here that the page may not show.

use super::decide::Facts;
use super::grant::{need, standing};
use super::state::{Client, Flow, Purpose, Stage, State, Subject, Summary};
use crate::account::Method;
use crate::approval::Heard;
use crate::brand::{HelpLink, HelpMail};
use crate::gate::{Gate, MethodKind, Pass, Root, email, phone};
use crate::ids::MethodId;
use crate::password::{Names, PasswordPolicy, Shown};
use crate::policy::{Mode, confirming, gives_passes, n_needed, offered_to_anybody, usable};
use crate::refusal::Refusal;
use crate::registration::Picture;
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};

/// The wizard's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// Where the person stands.
    pub step: Step,
    /// Why the last post was refused; the first one names the page's `data-refusal`.
    pub refusals: Vec<Refusal>,
    /// What to say to the helpdesk.
    pub reference: Option<String>,
    /// Where the helpdesk is, if the tenant says.
    pub help: Option<HelpLink>,
    /// Whether the helpdesk can be asked from here.
    pub help_request: HelpRequest,
    /// Seconds until the flow ends by itself.
    pub seconds_left: Option<u32>,
    /// Seconds until the page clears itself unless somebody touches it: in a kiosk, and nowhere else (R58).
    pub idle_in: Option<u32>,
    /// The way to one's own phone: in a kiosk where no flow runs, and nowhere else.
    pub handoff: Option<Handoff>,
}

/// Whether the helpdesk can be asked from a page, by a mail that passes the request on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpRequest {
    /// No: the tenant has it off, or there is no flow that it could be about.
    No,
    /// Yes.
    Open,
    /// It was.
    Done,
}

impl Screen {
    /// Whether it is a kiosk's.
    pub const fn is_kiosk(&self) -> bool {
        self.idle_in.is_some()
    }
}

/// The steps, each with what only it has to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Who are you, and are you a person?
    Identify {
        /// What was typed before.
        user_name: String,
        /// A ticket for a picture and a sound, and a wait that runs.
        captcha: CaptchaOffer,
        /// Only administrators can reset here so far: said to everybody.
        is_off: bool,
        /// An example of a user name: the tenant's first domain.
        domain: String,
        /// Whether unlocking was asked for, where the tenant offers it: else nothing, and nothing is to be chosen.
        unlock: Option<bool>,
    },
    /// Which gate?
    Choose {
        /// How far one is.
        progress: Progress,
        /// The gates to choose from.
        gates: Vec<GateOffer>,
    },
    /// The proof.
    Prove {
        /// How far one is.
        progress: Progress,
        /// The gate.
        gate: Gate,
        /// What is asked for.
        form: ProveForm,
    },
    /// A new password.
    Password {
        /// Whose; shown now that proofs are given, and for password managers.
        user_name: String,
        /// The rules, as far as the page ticks them.
        rules: Shown,
        /// How far one is.
        progress: Progress,
    },
    /// It is changed.
    Done(Summary),
    /// It is over.
    Stopped(Refusal),
}

impl Step {
    /// Whether a phone was asked that has not answered yet.
    pub const fn is_waiting(&self) -> bool {
        let Self::Prove { form, .. } = self else { return false };
        matches!(form, ProveForm::Waiting { is_answered: false, .. })
    }

    /// The value of `data-step`, as in `contract.md`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Identify { .. } => "identify",
            Self::Choose { .. } => "choose",
            Self::Prove { .. } => "prove",
            Self::Password { .. } => "password",
            Self::Done(_) => "done",
            Self::Stopped(_) => "stopped",
        }
    }
}

/// The check of a person on the identify page, for those without scripts or by choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptchaOffer {
    /// Names a picture and a sound.
    pub ticket: String,
    /// A wait that runs: its ticket, and the seconds that it still takes.
    pub wait: Option<(String, u32)>,
}

/// The wizard's address, for the phone of whoever stands before a kiosk. Nothing of the kiosk goes along (R58).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    /// The address.
    pub address: String,
    /// The same for a camera.
    pub picture: Picture,
}

/// How far one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Gates passed.
    pub n_passed: u32,
    /// Gates needed.
    pub n_needed: u32,
    /// Whether they unlock the account: no new password comes after them.
    pub is_unlock: bool,
}

/// A gate to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateOffer {
    /// The gate.
    pub gate: Gate,
    /// The masked address, where it may be shown.
    pub hint: Option<String>,
    /// Whether its messages fail at the moment: another one is surer. The same for everybody (R22).
    pub is_troubled: bool,
}

/// A question as a page asks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its code: the field's `data-question`.
    pub code: String,
    /// Its words, in the page's language.
    pub words: String,
}

/// What a proof's page asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProveForm {
    /// The full address or number.
    Destination {
        /// The masked number, where it may be shown.
        hint: Option<String>,
    },
    /// A phone was asked; its answer comes by itself.
    Waiting {
        /// The number that is called, masked, where it may be shown.
        hint: Option<String>,
        /// The two digits to be typed in the app; nothing for a call.
        number: Option<String>,
        /// Whether there is something to collect.
        is_answered: bool,
        /// Seconds in which an answer counts.
        seconds_left: u32,
    },
    /// A passkey: what the browser is asked, the same for everybody (R22). JSON of `PublicKeyCredentialRequestOptions`.
    Passkey(String),
    /// Answers, all at once.
    Questions(Vec<Asked>),
    /// The code.
    Code {
        /// The masked address, where it may be shown.
        hint: Option<String>,
        /// Seconds until a new one can be sent; nothing where none is sent.
        resend_in: Option<u32>,
    },
}

/// Draws a flow's row.
pub fn screen(flow: &Flow, facts: &Facts<'_>) -> Screen {
    let step = match &flow.state {
        _ if flow.is_over(facts.now) => Step::Stopped(Refusal::Expired),
        State::Gating(None) => Step::Choose {
            progress: progress(flow, facts),
            gates: offers(flow, facts),
        },
        State::Gating(Some(open)) => {
            let hint = offers(flow, facts)
                .into_iter()
                .find(|offer| offer.gate == open.gate)
                .and_then(|offer| offer.hint);
            let resend_in = open.resend_at.map(|at| at.seconds_from(facts.now));
            let form = match (open.stage, open.gate) {
                (Stage::Destination, _) => ProveForm::Destination { hint },
                (Stage::Waiting, _) => waiting(hint, facts),
                (Stage::Code, Gate::Questions) => ProveForm::Questions(facts.asked.to_vec()),
                (Stage::Code, Gate::Passkey) => ProveForm::Passkey(facts.ceremony.clone().unwrap_or_default()),
                (Stage::Code, _) => ProveForm::Code {
                    hint,
                    resend_in: resend_in.filter(|_| open.gate.channel().is_some()),
                },
            };
            Step::Prove {
                progress: progress(flow, facts),
                gate: open.gate,
                form,
            }
        }
        State::Granted => Step::Password {
            user_name: flow.user_name.as_str().to_owned(),
            rules: PasswordPolicy::of(facts.account, facts.settings).shown(Names::of(facts.account, facts.settings)),
            progress: progress(flow, facts),
        },
        State::Done(summary) => Step::Done(summary.clone()),
        State::Ended(refusal) => Step::Stopped(told(refusal)),
    };
    // Out of time, it shows what a cookie of no flow shows, and nothing of itself (R07).
    let is_expired = step == Step::Stopped(Refusal::Expired);
    Screen {
        step,
        refusals: flow.refusals.iter().filter(|_| !is_expired).cloned().collect(),
        reference: Some(flow.reference.clone()).filter(|_| !is_expired),
        help: facts.settings.brand.help.clone(),
        help_request: match is_expired {
            true => HelpRequest::No,
            false => help_request(flow, facts.settings),
        },
        seconds_left: (flow.state.is_open() && !is_expired).then(|| flow.ends_at().seconds_from(facts.now)),
        idle_in: (flow.client == Client::Kiosk).then(|| flow.ends_at().seconds_from(facts.now)),
        handoff: None,
    }
}

/// Whether the helpdesk can be asked about a flow; one that is done needs no help.
pub(super) fn help_request(flow: &Flow, settings: &TenantSettings) -> HelpRequest {
    match settings.brand.help_mail {
        _ if flow.is_help_asked => HelpRequest::Done,
        HelpMail::Sent if !matches!(flow.state, State::Done(_)) => HelpRequest::Open,
        HelpMail::Sent | HelpMail::Off => HelpRequest::No,
    }
}

fn waiting(hint: Option<String>, facts: &Facts<'_>) -> ProveForm {
    let asking = facts.asking.as_ref();
    ProveForm::Waiting {
        hint,
        number: asking.and_then(|asking| asking.number.clone()),
        is_answered: asking.is_none_or(|asking| asking.heard != Heard::Nothing),
        seconds_left: asking.map_or(0, |asking| asking.until.seconds_from(facts.now)),
    }
}

/// Some reasons are told in the words of another (`domain.md` §2).
fn told(refusal: &Refusal) -> Refusal {
    match refusal {
        Refusal::AccountDisabled => Refusal::UserUnknown,
        Refusal::AdminResetOff => Refusal::NotInScope,
        other => other.clone(),
    }
}

fn progress(flow: &Flow, facts: &Facts<'_>) -> Progress {
    let standing = standing(flow, facts);
    let n_passed = u32::try_from(standing.len()).unwrap_or(u32::MAX);
    // Before a proof nothing about the account may show, not even that it is an administrator's (R21).
    let now = match is_told(flow, &standing) {
        false => n_needed(None, facts.settings),
        true => need(flow, facts, &standing),
    };
    Progress {
        n_passed,
        n_needed: now,
        is_unlock: flow.purpose == Purpose::Unlock,
    }
}

/// The gates that this flow may choose now, each with the registration that it would prove.
pub(super) fn gates_open_to(flow: &Flow, facts: &Facts<'_>) -> Vec<(Gate, Option<(MethodId, Root)>)> {
    gates_beside(flow, facts, &standing(flow, facts))
}

fn gates_beside(flow: &Flow, facts: &Facts<'_>, passed: &[Pass]) -> Vec<(Gate, Option<(MethodId, Root)>)> {
    let usable = match (&flow.subject, facts.account, flow.purpose) {
        (Subject::Account(_), Some(account), Purpose::Reset | Purpose::Unlock) => usable(account, facts.settings),
        (Subject::Account(_), Some(account), Purpose::Register) => confirming(account, facts.settings),
        _ => Vec::new(),
    };
    let registration = |gate: Gate| {
        usable
            .iter()
            .find(|(other, _)| *other == gate)
            .map(|(_, method)| (method.id, method.root()))
    };
    let is_free = |(gate, method): &(Gate, &Method)| {
        let root = method.root();
        passed.iter().all(|pass| pass.is_independent_of(*gate, &root))
    };
    let own: Vec<_> = match is_told(flow, passed) {
        false => offered_to_anybody(facts.settings)
            .into_iter()
            .map(|gate| (gate, registration(gate)))
            .collect(),
        true => usable
            .iter()
            .filter(|offer| is_free(offer))
            .map(|(gate, _)| (*gate, registration(*gate)))
            .collect(),
    };
    let given = is_pass_offered(flow, facts, passed).then_some((Gate::OneTimePass, None));
    own.into_iter().chain(given).collect()
}

/// Whether a one-time pass may be typed: wherever the tenant gives them, whether this person has one or not (R22). Once it may be
/// told, administrators are not asked for what they never get.
fn is_pass_offered(flow: &Flow, facts: &Facts<'_>, passed: &[Pass]) -> bool {
    let is_anybodys = facts.account.is_some_and(|account| !account.is_admin());
    flow.purpose != Purpose::Register
        && gives_passes(facts.settings)
        && passed.iter().all(|pass| pass.gate != Gate::OneTimePass)
        && (!is_told(flow, passed) || is_anybodys)
}

/// Whether the page may tell what the account has: to anybody, or once a gate is passed (`domain.md` §3).
fn is_told(flow: &Flow, passed: &[Pass]) -> bool {
    flow.mode == Mode::Explicit || !passed.is_empty()
}

fn offers(flow: &Flow, facts: &Facts<'_>) -> Vec<GateOffer> {
    let passed = standing(flow, facts);
    let may_hint = is_told(flow, &passed);
    let mut all: Vec<GateOffer> = gates_beside(flow, facts, &passed)
        .into_iter()
        .map(|(gate, method)| GateOffer {
            gate,
            hint: method.filter(|_| may_hint).and_then(|(id, _)| hint(id, facts)),
            is_troubled: gate.channel().is_some_and(|channel| facts.troubled.contains(&channel)),
        })
        .collect();
    // What fails stands behind what works.
    all.sort_by_key(|offer| offer.is_troubled);
    all
}

fn hint(id: MethodId, facts: &Facts<'_>) -> Option<String> {
    let method = facts.account?.methods.iter().find(|method| method.id == id)?;
    match (method.kind, &method.value) {
        (MethodKind::Email, Some(address)) => Some(email::masked(address)),
        (MethodKind::Mobile | MethodKind::Office, Some(number)) => Some(phone::masked(number)),
        _ => None,
    }
}
