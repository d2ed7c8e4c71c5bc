//! Proofs, method by method (`domain.md` §4).

use super::walk::Did::{Answer, Choose, Code, Hear, Name, Passkey, Turn};
use super::walk::{after, discreet, offers, one, two};
use super::*;
use crate::approval::{Answer as Said, Heard};

pub(super) const PROOFS: &[Rule] = &[
    (
        "§4",
        "a code by mail is sent without an address",
        || after(one, &[Choose(Gate::Email)]),
        "open email, send, gating",
    ),
    (
        "§4",
        "discreetly, not before the address is typed",
        || after(discreet, &[Choose(Gate::Email)]),
        "open email, gating",
    ),
    (
        "§4",
        "and then to the registered one",
        || after(discreet, &[Choose(Gate::Email), Name("UMA@mail.example")]),
        "fail, send, gating",
    ),
    (
        "§4",
        "a number is typed in any mode",
        || after(one, &[Choose(Gate::MobileSms)]),
        "open mobile_sms, gating",
    ),
    (
        "§4",
        "an exact match sends",
        || after(one, &[Choose(Gate::MobileSms), Name("+442079460089")]),
        "send, gating",
    ),
    (
        "§4",
        "a code by WhatsApp",
        || after(one, &[Choose(Gate::MobileWhatsapp), Name("+442079460089")]),
        "send, gating",
    ),
    (
        "§4",
        "a mismatch is a failed proof, and sends nothing",
        || after(one, &[Choose(Gate::MobileSms), Name("+442079460080")]),
        "fail, destination-mismatch, gating",
    ),
    (
        "§4",
        "a call",
        || after(one, &[Choose(Gate::MobileCall), Name("+442079460089")]),
        "ask, gating",
    ),
    (
        "§4",
        "passes by its key",
        || {
            after(
                one,
                &[
                    Choose(Gate::MobileCall),
                    Name("+442079460089"),
                    Hear(Heard::Answered(Said::Approved)),
                ],
            )
        },
        "pass mobile_call, granted",
    ),
    (
        "§4",
        "and by no code",
        || after(one, &[Choose(Gate::MobileCall), Name("+442079460089"), Code(true)]),
        "stale",
    ),
    (
        "§4",
        "unless the tenant has it speak one",
        || {
            after(
                |w| w.settings.policy.phones.call_speaks_code = true,
                &[Choose(Gate::MobileCall), Name("+442079460089"), Code(true)],
            )
        },
        "pass mobile_call, granted",
    ),
    (
        "§4",
        "an office phone is called at its number, with or without its extension",
        || after(one, &[Choose(Gate::OfficeCall), Name("+442079460011")]),
        "ask, gating",
    ),
    (
        "§4",
        "a wrong key",
        || {
            after(
                one,
                &[
                    Choose(Gate::MobileCall),
                    Name("+442079460089"),
                    Hear(Heard::Answered(Said::Wrong)),
                ],
            )
        },
        "fail, call-ended wrong, gating",
    ),
    (
        "§4",
        "busy",
        || {
            after(
                one,
                &[
                    Choose(Gate::MobileCall),
                    Name("+442079460089"),
                    Hear(Heard::Answered(Said::Busy)),
                ],
            )
        },
        "fail, call-ended busy, gating",
    ),
    (
        "§4",
        "no answer",
        || {
            after(
                one,
                &[
                    Choose(Gate::MobileCall),
                    Name("+442079460089"),
                    Hear(Heard::Answered(Said::Missed)),
                ],
            )
        },
        "fail, call-ended missed, gating",
    ),
    (
        "§4",
        "a push asks the phone",
        || after(two, &[Choose(Gate::AppPush)]),
        "open app_push, ask, gating",
    ),
    (
        "§4",
        "with the right number it passes",
        || after(two, &[Choose(Gate::AppPush), Hear(Heard::Answered(Said::Approved))]),
        "pass app_push, gating",
    ),
    (
        "§4",
        "with another one it is over",
        || after(two, &[Choose(Gate::AppPush), Hear(Heard::Answered(Said::Wrong))]),
        "fail, push-ended wrong, gating",
    ),
    (
        "§4",
        "to deny it ends the flow",
        || after(two, &[Choose(Gate::AppPush), Hear(Heard::Answered(Said::Denied))]),
        "fail, push-ended denied",
    ),
    (
        "§4",
        "whatever is pressed after that",
        || {
            after(
                two,
                &[Choose(Gate::AppPush), Turn(Gate::Email, Heard::Answered(Said::Denied))],
            )
        },
        "fail, push-ended denied",
    ),
    (
        "§4",
        "a call that found the line busy ends nothing",
        || {
            after(
                two,
                &[Choose(Gate::AppPush), Turn(Gate::AppCode, Heard::Answered(Said::Busy))],
            )
        },
        "open app_code, gating",
    ),
    (
        "§4",
        "and so does to report it",
        || after(two, &[Choose(Gate::AppPush), Hear(Heard::Answered(Said::NotMe))]),
        "fail, push-ended not-me",
    ),
    (
        "§4",
        "after a push that ran out the app's code is offered",
        || {
            offers(
                |w| {
                    two(w);
                    w.account.methods.truncate(2);
                },
                &[Choose(Gate::AppPush), Hear(Heard::Over)],
            )
        },
        "app_push, app_code",
    ),
    (
        "§4",
        "answers, all right",
        || after(two, &[Choose(Gate::Questions), Answer(true)]),
        "pass questions, gating",
    ),
    (
        "§4",
        "a passkey",
        || after(one, &[Choose(Gate::Passkey), Passkey(true)]),
        "pass passkey, granted",
    ),
    (
        "§4",
        "a passkey that does not fit",
        || after(one, &[Choose(Gate::Passkey), Passkey(false)]),
        "fail, passkey-wrong 4, gating",
    ),
];
