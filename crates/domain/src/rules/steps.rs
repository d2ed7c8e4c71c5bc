//! The steps of a reset, from the first method to the end (`domain.md` §§2, 3).

use super::walk::Did::{Answer, Back, Choose, Code, Hear, Help, Leave, Name, Password, Wait};
use super::walk::{Walk, after, discreet, kiosk, n_shown, nobodys, offers, one, stopped, two, unlocking};
use super::*;
use crate::approval::Heard;
use crate::brand::HelpMail;
use crate::flow::{Input, Proof};

/// What a proof's form says with these fields filled in.
fn read(destination: &str, code: &str) -> String {
    let fields = Proof {
        destination: destination.to_owned(),
        ..Proof::of_code(Secret::new(code.to_owned()))
    };
    let read = fields.read(None, |_, _| Err(Refusal::NumberUnfit));
    self::code(read.map(drop))
}

pub(super) const STEPS: &[Rule] = &[
    (
        "§2",
        "one method where one is required, and the password is next",
        || after(one, &[Choose(Gate::AppCode), Code(true)]),
        "pass app_code, granted",
    ),
    (
        "§2",
        "one where two are, and another is to be chosen",
        || after(two, &[Choose(Gate::AppCode), Code(true)]),
        "pass app_code, gating",
    ),
    (
        "§2",
        "two where two are",
        || {
            after(
                two,
                &[Choose(Gate::AppCode), Code(true), Choose(Gate::Email), Code(true)],
            )
        },
        "pass email, granted",
    ),
    (
        "§2",
        "the method just used is no longer offered, the app's push neither",
        || {
            offers(
                |w| {
                    two(w);
                    w.account.methods.truncate(4);
                },
                &[Choose(Gate::AppCode), Code(true)],
            )
        },
        "passkey, email u•••@m•••.example",
    ),
    (
        "§2",
        "a good password is written",
        || after(one, &[Choose(Gate::AppCode), Code(true), Password(true)]),
        "write, granted",
    ),
    (
        "§2",
        "after a refused one the methods stay passed",
        || after(one, &[Choose(Gate::AppCode), Code(true), Password(false)]),
        "pw-history, granted",
    ),
    (
        "§2",
        "no password before the methods",
        || after(two, &[Choose(Gate::AppCode), Code(true), Password(true)]),
        "stale",
    ),
    (
        "§2",
        "unlocking takes as many",
        || after(unlocking, &[Choose(Gate::AppCode), Code(true)]),
        "pass app_code, gating",
    ),
    (
        "§2",
        "and skips the new password",
        || {
            after(
                unlocking,
                &[Choose(Gate::AppCode), Code(true), Choose(Gate::Email), Code(true)],
            )
        },
        "pass email, unlock, granted",
    ),
    ("§2", "cancel at the choice", || after(one, &[Leave]), "cancelled"),
    (
        "§2",
        "cancel at a proof",
        || after(one, &[Choose(Gate::AppCode), Leave]),
        "cancelled",
    ),
    (
        "§2",
        "cancel at the password",
        || after(one, &[Choose(Gate::AppCode), Code(true), Leave]),
        "cancelled",
    ),
    (
        "§2",
        "a step that is over",
        || after(one, &[Leave, Choose(Gate::AppCode)]),
        "stale",
    ),
    (
        "§2",
        "a second before 15 minutes are over",
        || after(one, &[Wait(899), Choose(Gate::AppCode)]),
        "open app_code, gating",
    ),
    (
        "§2",
        "15 minutes after the beginning",
        || after(one, &[Wait(900), Choose(Gate::AppCode)]),
        "expired",
    ),
    (
        "§2",
        "whoever comes back to a method is sent nothing",
        || after(one, &[Choose(Gate::Email), Back, Choose(Gate::Email)]),
        "gating",
    ),
    (
        "§2",
        "unless they ask for it",
        || after(one, &[Choose(Gate::Email), Choose(Gate::Email)]),
        "send, gating",
    ),
    (
        "§2",
        "a method that is off",
        || {
            after(
                |w| w.settings.policy.gates.retain(|gate| *gate != Gate::Email),
                &[Choose(Gate::Email)],
            )
        },
        "method-unavailable, gating",
    ),
    (
        "§2",
        "no method at all",
        || code(Input::choose("pigeon").map(drop)),
        "method-unavailable",
    ),
    ("§2", "no code", || read("", " "), "code-missing"),
    ("§2", "no form of an address", || read("uma", ""), "destination-form"),
    ("§2", "too long for a code", || read("", &"4".repeat(65)), "too-long"),
    (
        "§2",
        "another address than the registered one",
        || after(one, &[Choose(Gate::MobileSms), Name("+442079460055")]),
        "fail, destination-mismatch, gating",
    ),
    (
        "§2",
        "which is told in explicit mode only",
        || after(discreet, &[Choose(Gate::MobileSms), Name("+442079460055")]),
        "fail, decoy, gating",
    ),
    (
        "§2",
        "a wrong code, and the tries that are left",
        || after(one, &[Choose(Gate::AppCode), Code(false)]),
        "fail, code-wrong 4, gating",
    ),
    (
        "§2",
        "a decoy's code is as wrong",
        || after(nobodys, &[Choose(Gate::AppCode), Code(true)]),
        "fail, code-wrong 4, gating",
    ),
    (
        "§2",
        "wrong answers, no word which",
        || after(two, &[Choose(Gate::Questions), Answer(false)]),
        "fail, answers-wrong 4, gating",
    ),
    (
        "§2",
        "a push that ran out",
        || after(two, &[Choose(Gate::AppPush), Hear(Heard::Over)]),
        "fail, push-ended missed, gating",
    ),
    (
        "§2",
        "a call that ran out",
        || {
            after(
                one,
                &[Choose(Gate::OfficeCall), Name("+442079460011"), Hear(Heard::Over)],
            )
        },
        "fail, call-ended missed, gating",
    ),
    (
        "§2",
        "the fifth failed proof",
        || {
            after(
                one,
                &[
                    Choose(Gate::AppCode),
                    Code(false),
                    Code(false),
                    Code(false),
                    Code(false),
                    Code(false),
                ],
            )
        },
        "fail, tries-spent",
    ),
    (
        "§3",
        "and a decoy's",
        || {
            after(
                nobodys,
                &[
                    Choose(Gate::AppCode),
                    Code(true),
                    Code(true),
                    Code(true),
                    Code(true),
                    Code(true),
                ],
            )
        },
        "fail, tries-spent",
    ),
    ("§2", "help from a step", || after(one, &[Help]), "help, gating"),
    (
        "§2",
        "help where no request is passed on",
        || {
            after(
                |w| {
                    one(w);
                    w.settings.brand.help_mail = HelpMail::Off;
                },
                &[Help],
            )
        },
        "stale",
    ),
    (
        "§2",
        "help from a refusal's page",
        || after(one, &[Leave, Help]),
        "help, cancelled",
    ),
    (
        "§2",
        "a second time in a flow asks nobody",
        || after(one, &[Help, Help]),
        "gating",
    ),
    (
        "§2",
        "a refusal's page has a support code",
        || stopped(Refusal::NotRegistered),
        "not-registered K7QM",
    ),
    (
        "§2",
        "a disabled account is told as an unknown name",
        || stopped(Refusal::AccountDisabled),
        "user-unknown K7QM",
    ),
    (
        "§2",
        "administrators' resets that are off as what is not in scope",
        || stopped(Refusal::AdminResetOff),
        "not-in-scope K7QM",
    ),
    (
        "§3",
        "discreetly, every method that is on, without masks",
        || {
            offers(
                |w| {
                    discreet(w);
                    w.account.methods.truncate(4);
                    w.settings.policy.gates = vec![Gate::AppCode, Gate::Email, Gate::MobileSms];
                },
                &[],
            )
        },
        "app_code, email, mobile_sms",
    ),
    (
        "§3",
        "and the same to nobody",
        || {
            offers(
                |w| {
                    nobodys(w);
                    w.settings.policy.gates = vec![Gate::AppCode, Gate::Email, Gate::MobileSms];
                },
                &[],
            )
        },
        "app_code, email, mobile_sms",
    ),
    (
        "§3",
        "explicitly, those that are registered, with masks",
        || {
            offers(
                |w| {
                    w.account
                        .methods
                        .retain(|method| method.kind != MethodKind::App && method.kind != MethodKind::Authenticator);
                    w.settings.policy.gates = vec![Gate::AppCode, Gate::Email, Gate::MobileSms];
                },
                &[],
            )
        },
        "email u•••@m•••.example, mobile_sms +44 •••• ••89",
    ),
    (
        "§3",
        "once a method is passed, one's own",
        || {
            offers(
                |w| {
                    discreet(w);
                    two(w);
                    w.account
                        .methods
                        .retain(|method| method.kind != MethodKind::Passkey && method.kind != MethodKind::Office);
                    w.settings.policy.gates = vec![Gate::Passkey, Gate::AppCode, Gate::Questions, Gate::OfficeCall];
                },
                &[Choose(Gate::AppCode), Code(true)],
            )
        },
        "questions",
    ),
    (
        "§3",
        "with masks, which nobody sees before that",
        || {
            let own = |w: &mut Walk| {
                discreet(w);
                two(w);
                w.settings.policy.gates = vec![Gate::AppCode, Gate::Email];
            };
            let before = offers(own, &[]);
            format!("{before}; {}", offers(own, &[Choose(Gate::AppCode), Code(true)]))
        },
        "app_code, email; email u•••@m•••.example",
    ),
    (
        "§3",
        "an administrator's two methods do not show before that",
        || {
            n_shown(|w| {
                discreet(w);
                w.account.roles = vec![Role::Auditor];
            })
        },
        "1",
    ),
    (
        "§3",
        "where the truth is told they do",
        || n_shown(|w| w.account.roles = vec![Role::Auditor]),
        "2",
    ),
    (
        "§11",
        "59 seconds in a kiosk",
        || after(kiosk, &[Wait(59), Choose(Gate::AppCode)]),
        "open app_code, gating",
    ),
    (
        "§11",
        "a minute in a kiosk that nobody touches",
        || after(kiosk, &[Wait(60), Choose(Gate::AppCode)]),
        "expired",
    ),
];
