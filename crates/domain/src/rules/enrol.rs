//! Registering a method: what it takes until it counts (`domain.md` §4, §11).

use super::walk::told;
use super::*;
use crate::approval::{Answer, Heard};
use crate::flow::{Stage, Verdict as Compared};
use crate::ids::{AccountId, EnrolmentId};
use crate::policy::confirming;
use crate::registration::{self, Enrolment, Facts, Next, Post, hint, is_fresh, may_enrol};
use crate::role::Role;
use crate::tenant::Ways;

fn enrolment(kind: MethodKind, stage: Stage) -> Enrolment {
    Enrolment {
        id: EnrolmentId(Uuid::from_u128(7)),
        account: AccountId(Uuid::from_u128(1)),
        kind,
        stage,
        value: String::new(),
        resend_at: None,
        n_failed: 0,
        refusals: Vec::new(),
        expires_at: NOW.plus(FLOW_LIFE),
    }
}

/// What a post leads to, where every method is on.
fn led(enrolment: &Enrolment, post: &Post, change: fn(&mut Facts<'_>), ways: Ways) -> String {
    let mut settings = settings(&Gate::ALL);
    settings.ways = ways;
    let account = person();
    let mut facts = Facts {
        account: &account,
        settings: &settings,
        n_others: 0,
        may_send: Ok(()),
        blocked_until: None,
        verdict: Compared::Wrong,
        heard: Heard::Nothing,
        is_linked: false,
        now: NOW,
    };
    change(&mut facts);
    match registration::decide(enrolment, post, &facts) {
        None => "stale".to_owned(),
        Some(Next::Refused(why)) => told(&why),
        Some(Next::Send(to)) => format!("send {to}"),
        Some(Next::Call(to)) => format!("call {to}"),
        Some(Next::Ask) => "ask".to_owned(),
        Some(Next::Failed(why)) => format!("fail, {}", told(&why)),
        Some(Next::Register) => "register".to_owned(),
        Some(Next::Over(why)) => why.map_or("left".to_owned(), |why| format!("over, {}", told(&why))),
    }
}

/// An address or number is named.
fn names(kind: MethodKind, to: &str, ways: Ways) -> String {
    let post = Post::Destination {
        named: Ok(to.to_owned()),
        typed: to.to_owned(),
    };
    led(&enrolment(kind, Stage::Destination), &post, |_| {}, ways)
}

/// A code is typed, after so many wrong ones.
fn types(kind: MethodKind, n_failed: u32, change: fn(&mut Facts<'_>)) -> String {
    let value = match kind {
        MethodKind::Email => "uma@mail.example",
        _ => "",
    };
    let pending = Enrolment {
        n_failed,
        value: value.to_owned(),
        ..enrolment(kind, Stage::Code)
    };
    led(
        &pending,
        &Post::Code(Secret::new("481516".to_owned())),
        change,
        Ways::ALL,
    )
}

/// The phone that was called, or asked in the app, has answered.
fn hears(kind: MethodKind, change: fn(&mut Facts<'_>)) -> String {
    let pending = Enrolment {
        value: "+442079460089".to_owned(),
        ..enrolment(kind, Stage::Waiting)
    };
    led(&pending, &Post::Collect, change, Ways::ALL)
}

fn right(facts: &mut Facts<'_>) {
    facts.verdict = Compared::Right;
}

fn approved(facts: &mut Facts<'_>) {
    facts.heard = Heard::Answered(Answer::Approved);
}

/// Somebody who has answered questions.
fn answered() -> Account {
    with(person(), &[(MethodKind::Questions, ANSWERED)])
}

/// Settings under which answers count.
fn asks() -> TenantSettings {
    let mut settings = settings(&Gate::ALL);
    settings.policy.n_gates = 2;
    settings
}

/// One more of a kind, beside so many.
fn one_more(kind: MethodKind, n: usize) -> String {
    let account = with(person(), &vec![(kind, ""); n]);
    code(may_add(kind, &account, &settings(&Gate::ALL)))
}

/// What proves anew who somebody is, before their methods may be changed.
fn confirm(roles: &[Role]) -> String {
    let methods = [
        (MethodKind::App, ""),
        (MethodKind::Email, "uma@mail.example"),
        (MethodKind::Questions, ANSWERED),
    ];
    let account = Account {
        roles: roles.to_vec(),
        ..with(person(), &methods)
    };
    let mut settings = settings(&Gate::ALL);
    settings.policy.n_gates = 2;
    let codes: Vec<&str> = confirming(&account, &settings)
        .into_iter()
        .map(|(gate, _)| gate.code())
        .collect();
    codes.join(" ")
}

fn masked(kind: MethodKind, value: &str) -> String {
    let account = with(person(), &[(kind, value)]);
    hint(&account.methods[0]).unwrap_or_default()
}

pub(super) const ENROLLING: &[Rule] = &[
    (
        "§4",
        "an address that was named is sent a code",
        || names(MethodKind::Email, "uma@mail.example", Ways::ALL),
        "send uma@mail.example",
    ),
    (
        "§4",
        "and saved when it comes back",
        || types(MethodKind::Email, 0, right),
        "register",
    ),
    (
        "§4",
        "not when another comes",
        || types(MethodKind::Email, 0, |_| {}),
        "fail, code-wrong 4",
    ),
    (
        "§4",
        "void after five wrong ones",
        || types(MethodKind::Email, 4, |_| {}),
        "over, tries-spent",
    ),
    (
        "§4",
        "one of the organisation's own",
        || names(MethodKind::Email, "uma@acorn.example", Ways::ALL),
        "destination-own",
    ),
    (
        "§4",
        "a mobile is sent a code",
        || names(MethodKind::Mobile, "+442079460089", Ways::ALL),
        "send +442079460089",
    ),
    (
        "§4",
        "or called",
        || {
            let ways = Ways {
                call: true,
                ..Ways::default()
            };
            names(MethodKind::Mobile, "+442079460089", ways)
        },
        "call +442079460089",
    ),
    (
        "§4",
        "an office phone is called",
        || names(MethodKind::Office, "+442079460011;ext=7", Ways::ALL),
        "call +442079460011;ext=7",
    ),
    (
        "§4",
        "and saved when its key is pressed",
        || hears(MethodKind::Office, approved),
        "register",
    ),
    (
        "§4",
        "not when nobody answers",
        || hears(MethodKind::Office, |facts| facts.heard = Heard::Over),
        "fail, call-ended missed",
    ),
    (
        "§4",
        "an app confirms one code",
        || types(MethodKind::App, 0, right),
        "register",
    ),
    (
        "§4",
        "Regain's own is scanned, and asked for a test",
        || {
            led(
                &enrolment(MethodKind::Authenticator, Stage::Code),
                &Post::Collect,
                |facts| facts.is_linked = true,
                Ways::ALL,
            )
        },
        "ask",
    ),
    (
        "§4",
        "not before it was scanned",
        || {
            led(
                &enrolment(MethodKind::Authenticator, Stage::Code),
                &Post::Collect,
                |_| {},
                Ways::ALL,
            )
        },
        "stale",
    ),
    (
        "§4",
        "and saved when that is approved",
        || hears(MethodKind::Authenticator, approved),
        "register",
    ),
    (
        "§4",
        "not when it is denied",
        || {
            hears(MethodKind::Authenticator, |facts| {
                facts.heard = Heard::Answered(Answer::Denied);
            })
        },
        "fail, push-ended denied",
    ),
    (
        "§4",
        "an office phone that people register themselves",
        || {
            code(may_add(
                MethodKind::Office,
                &able(),
                &set(|s| s.policy.gates = Gate::ALL.to_vec()),
            ))
        },
        "",
    ),
    ("§11", "a fifth authenticator", || one_more(MethodKind::App, 4), ""),
    ("§11", "a sixth", || one_more(MethodKind::App, 5), "methods-enough"),
    (
        "§11",
        "other questions in the place of those answered",
        || code(may_enrol(MethodKind::Questions, &answered(), &asks())),
        "",
    ),
    (
        "§11",
        "not beside them",
        || code(may_add(MethodKind::Questions, &answered(), &asks())),
        "methods-enough",
    ),
    (
        "§11",
        "answers are never shown",
        || masked(MethodKind::Questions, ANSWERED),
        "",
    ),
    (
        "§11",
        "a number is, masked",
        || masked(MethodKind::Mobile, "+442079460089"),
        "+44 •••• ••89",
    ),
    (
        "§11",
        "a proof is fresh for five minutes",
        || is_fresh(Some(NOW.minus(Duration::from_secs(299))), NOW).to_string(),
        "true",
    ),
    (
        "§11",
        "and then no more",
        || is_fresh(Some(NOW.minus(Duration::from_mins(5))), NOW).to_string(),
        "false",
    ),
    (
        "§11",
        "one's own methods prove it, answers do not",
        || confirm(&[]),
        "app_code email",
    ),
    (
        "§11",
        "administrators prove it by what they sign in with",
        || confirm(&[Role::Auditor]),
        "app_code",
    ),
];
