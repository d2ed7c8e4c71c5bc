//! Which methods somebody has, and what they count for (`domain.md` §4).

use super::*;
use crate::approval::{Answer, heard};
use crate::authenticator::codes;
use crate::registration::{Record, overview};
use crate::tenant::Ways;

const MOBILE: (MethodKind, &str) = (MethodKind::Mobile, "+442079460089");
pub(super) const ANSWERS: (MethodKind, &str) = (MethodKind::Questions, ANSWERED);

/// The gates that somebody with these methods may use, where so many are required.
pub(super) fn gates_of(n_gates: u32, methods: &[(MethodKind, &str)], change: fn(&mut TenantSettings)) -> String {
    let mut settings = settings(&Gate::ALL);
    settings.policy.n_gates = n_gates;
    change(&mut settings);
    let account = with(person(), methods);
    let codes: Vec<&str> = usable(&account, &settings)
        .into_iter()
        .map(|(gate, _)| gate.code())
        .collect();
    codes.join(" ")
}

/// What may be told of a phone's answer while its time runs, and after it.
fn phone(answer: Option<Answer>, is_discreet: bool, is_over: bool) -> String {
    let until = if is_over { NOW } else { NOW.plus(FLOW_LIFE) };
    format!("{:?}", heard(answer, until, is_discreet, NOW))
}

/// What a method is worth that was loaded, and is not verified; with so many others.
fn worth(methods: &[(MethodKind, &str)]) -> String {
    let account = with(person(), methods);
    let records: Vec<Record> = account
        .methods
        .iter()
        .map(|method| Record {
            method: method.clone(),
            name: None,
            is_verified: false,
            added_at: NOW,
            last_used_at: None,
        })
        .collect();
    let page = overview(&account, &records, &usual(), 300);
    page.methods
        .first()
        .map(|listed| format!("{:?}", listed.worth))
        .unwrap_or_default()
}

pub(super) const USABLE: &[Rule] = &[
    (
        "§4",
        "on, and data present",
        || gates_of(1, &[(MethodKind::Email, "uma@mail.example")], |_| {}),
        "email",
    ),
    (
        "§4",
        "data without being on",
        || {
            gates_of(1, &[(MethodKind::Email, "uma@mail.example")], |s| {
                s.policy.gates = vec![Gate::AppCode];
            })
        },
        "",
    ),
    (
        "§4",
        "the tenant's own mail domain",
        || gates_of(1, &[(MethodKind::Email, "uma@acorn.example")], |_| {}),
        "",
    ),
    (
        "§4",
        "a mobile phone is three ways",
        || gates_of(1, &[MOBILE], |_| {}),
        "mobile_whatsapp mobile_call mobile_sms",
    ),
    (
        "§4",
        "those that no gateway has are absent",
        || {
            gates_of(1, &[MOBILE], |s| {
                s.ways = Ways {
                    sms: true,
                    ..Ways::default()
                }
            })
        },
        "mobile_sms",
    ),
    (
        "§4",
        "and calls in the free plan",
        || {
            gates_of(1, &[MOBILE, (MethodKind::Office, "+442079460011")], |s| {
                s.edition = Edition::Free;
            })
        },
        "mobile_whatsapp mobile_sms",
    ),
    (
        "§4",
        "a passkey",
        || gates_of(1, &[(MethodKind::Passkey, "")], |_| {}),
        "passkey",
    ),
    (
        "§4",
        "Regain's own app, where two are required",
        || gates_of(2, &[(MethodKind::Authenticator, "")], |_| {}),
        "app_push app_code",
    ),
    (
        "§4",
        "and where one is, its code only",
        || gates_of(1, &[(MethodKind::Authenticator, "")], |_| {}),
        "app_code",
    ),
    (
        "§4",
        "another app has codes only",
        || gates_of(2, &[(MethodKind::App, "")], |_| {}),
        "app_code",
    ),
    (
        "§4",
        "answers, where two are required",
        || gates_of(2, &[ANSWERS], |_| {}),
        "questions",
    ),
    ("§4", "never where one is", || gates_of(1, &[ANSWERS], |_| {}), ""),
    (
        "§4",
        "nor fewer than are asked",
        || gates_of(2, &[ANSWERS], |s| s.policy.questions.n_reset = 4),
        "",
    ),
    (
        "§4",
        "an office phone with the mobile's number is the same thing",
        || n_independent(&[MOBILE, (MethodKind::Office, "+442079460089;ext=7")]),
        "1",
    ),
    (
        "§4",
        "with a number of its own it is another",
        || n_independent(&[MOBILE, (MethodKind::Office, "+442079460011")]),
        "2",
    ),
    (
        "§4",
        "what was loaded counts, though nobody has verified it",
        || worth(&[(MethodKind::Email, "uma@mail.example")]),
        "Needed",
    ),
    (
        "§4",
        "a mailbox behind this very sign-in is worth nothing",
        || worth(&[(MethodKind::Email, "uma@acorn.example")]),
        "Nothing",
    ),
    (
        "§11",
        "to delete the last one needed warns",
        || worth(&[(MethodKind::App, "")]),
        "Needed",
    ),
    (
        "§11",
        "one of two does not",
        || worth(&[(MethodKind::App, ""), (MethodKind::Email, "uma@mail.example")]),
        "Spare",
    ),
    (
        "§4",
        "the app and one other, where one is required",
        || wrong(|s| s.policy.gates = vec![Gate::AppCode, Gate::MobileSms]),
        "",
    ),
    (
        "§4",
        "the app and two others, where two are",
        || wrong(|s| (s.policy.n_gates, s.policy.gates) = (2, vec![Gate::AppPush, Gate::Email, Gate::MobileSms])),
        "",
    ),
    (
        "§4",
        "the app's codes have six digits",
        || codes::digits(&[0x1f; 20]).unwrap_or_default().len().to_string(),
        "6",
    ),
    (
        "§4",
        "and change every 30 seconds",
        || {
            let step = |seconds: i64| codes::step(Timestamp::from_ms(seconds * 1000));
            format!("{} {}", step(29) == step(0), step(30) == step(0))
        },
        "true false",
    ),
    (
        "§4",
        "what became of a call is told",
        || phone(Some(Answer::Busy), false, false),
        "Answered(Busy)",
    ),
    (
        "§4",
        "not in discreet mode",
        || phone(Some(Answer::Busy), true, false),
        "Nothing",
    ),
    (
        "§4",
        "where its end alone is told",
        || phone(Some(Answer::Busy), true, true),
        "Over",
    ),
    (
        "§4",
        "and that it was approved",
        || phone(Some(Answer::Approved), true, false),
        "Answered(Approved)",
    ),
    (
        "§4",
        "a push that nobody answers runs out",
        || phone(None, false, true),
        "Over",
    ),
    ("§4", "and not before its time", || phone(None, false, false), "Nothing"),
];
