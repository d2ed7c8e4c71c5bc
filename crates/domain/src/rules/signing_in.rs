//! Signing in, what is asked for there, changing a password, and who is told (`domain.md` §§10–12).

use super::*;
use crate::change::wants_password;
use crate::gate::MethodKind::{App, Email, Mobile};
use crate::lockout::is_remembered;
use crate::notice::Letter;
use crate::people::{Held, acts};
use crate::registration::{AskedFor, Wanted, missing};

/// Seconds of the pause after ten wrong passwords, the last of which came so many hours after the others.
fn pause_after(hours: u64) -> String {
    let mut failures: Hits = vec![NOW.minus(Duration::from_hours(hours)); 9].into_iter().collect();
    failures.push(NOW);
    let until = usual().lockout.paused_until(&failures, NOW);
    until.map_or(String::new(), |until| until.seconds_from(NOW).to_string())
}

/// Whether a wrong password costs nothing when it is typed again, which was the last but so many.
fn is_free(n_after: u64) -> String {
    let at = |n| NOW.plus(Duration::from_secs(n));
    let failures: Hits = (0..=n_after).map(at).collect();
    is_remembered(&failures, NOW).to_string()
}

/// What a wrong password leads to, and whether it counts.
fn counts(account: Option<&Account>, is_paused: bool) -> String {
    match decide(account, false, is_paused, &PasswordPolicy::default(), NOW) {
        Verdict::No { refusal, counts } => format!("{} {counts}", refusal.code()),
        _ => "in".to_owned(),
    }
}

/// Whether the helpdesk may end a pause.
fn lifts(is_paused: bool) -> String {
    let helpdesk = Account {
        id: crate::ids::AccountId(Uuid::from_u128(2)),
        ..staff()
    };
    let held = Held {
        is_paused,
        ..Held::default()
    };
    acts(&helpdesk, &able(), &held).contains(&PersonAct::Lift).to_string()
}

/// How many of how many ways there are, where so many are to be registered.
fn lacks(methods: &[(MethodKind, &str)], n_methods: u32) -> String {
    let mut settings = usual();
    settings.policy.registration.n_methods = Some(n_methods);
    match interrupt(&with(person(), methods), &settings, NOW, NOW) {
        Some(Interrupt::Register { have, need, .. }) => format!("{have} of {need}"),
        _ => String::new(),
    }
}

/// What would count as one more way.
fn rest(methods: &[(MethodKind, &str)]) -> String {
    let settings = set(|s| s.policy.n_gates = 2);
    let kinds = missing(&with(person(), methods), &settings);
    kinds.into_iter().map(MethodKind::code).collect::<Vec<_>>().join(" ")
}

/// What is asked for of somebody whose methods were confirmed so many days ago.
fn aged(days: &[u64], change: fn(&mut TenantSettings)) -> String {
    let mut account = able();
    for (method, days) in account.methods.iter_mut().zip(days) {
        method.confirmed_at = NOW.minus(Duration::from_hours(24 * days));
    }
    asked(&account, &set(change))
}

/// Whether what is missing may be put off, after so many times and days.
fn may_put_off(n_skipped: u32, days: u64, change: fn(&mut TenantSettings)) -> String {
    let account = Account {
        asked: Some(AskedFor {
            wanted: Wanted::Register,
            since: NOW.minus(Duration::from_hours(24 * days)),
            n_skipped,
            skipped_at: None,
        }),
        ..person()
    };
    let found = interrupt(&account, &set(change), NOW, NOW).map(Interrupt::skip);
    found.is_some_and(|skip| skip != Skip::No).to_string()
}

/// Who is told of what happens to somebody with these addresses, and one that was just registered.
fn mailboxes(primary: Option<&str>, others: &[&str], new: Option<&str>) -> String {
    let others: Vec<(MethodKind, &str)> = others.iter().map(|address| (Email, *address)).collect();
    let account = Account {
        primary_mail: primary.map(str::to_owned),
        ..with(person(), &others)
    };
    account.mailboxes_and(new).join(" ")
}

/// Whether people are told of one event, where others are off.
fn hears(event: Event, off: &[Event]) -> String {
    let mut settings = usual();
    for event in off {
        settings.policy.notices.put(*event, false);
    }
    settings.policy.notices.are_told(event, &person()).to_string()
}

fn has_reference(letter: &Letter) -> String {
    letter.is_to_owner().to_string()
}

pub(super) const LOCKOUT: &[Rule] = &[
    (
        "§10",
        "no try before a pause",
        || typed(Setting::Protection(Protection::LockoutTries), "0"),
        "range",
    ),
    (
        "§10",
        "a first pause of 18 001 seconds",
        || typed(Setting::Protection(Protection::LockoutFirst), "18001"),
        "range",
    ),
    (
        "§10",
        "a longest one of 18 001",
        || typed(Setting::Protection(Protection::LockoutMost), "18001"),
        "range",
    ),
    (
        "§10",
        "a longest one of less than a quarter of an hour",
        || typed(Setting::Protection(Protection::LockoutMost), "899"),
        "range",
    ),
    (
        "§10",
        "23 hours after nine wrong ones, the tenth",
        || pause_after(23),
        "60",
    ),
    ("§10", "24 hours after them it is the first", || pause_after(24), ""),
    ("§10", "the last but two, typed again", || is_free(2), "true"),
    ("§10", "the last but three", || is_free(3), "false"),
    (
        "§10",
        "a wrong one counts",
        || counts(Some(&able()), false),
        "sign-in-failed true",
    ),
    (
        "§10",
        "while it is paused it does not",
        || counts(Some(&able()), true),
        "sign-in-paused false",
    ),
    (
        "§10",
        "for unknown names alike",
        || counts(None, true),
        "sign-in-paused false",
    ),
    ("§10", "an administrator ends a pause at once", || lifts(true), "true"),
    ("§10", "where one runs", || lifts(false), "false"),
];

pub(super) const SIGNING_IN: &[Rule] = &[
    ("§11", "what is missing of what is required", || lacks(&[], 2), "0 of 2"),
    (
        "§11",
        "partial data asks for the rest",
        || lacks(&[(Email, "uma@mail.example")], 2),
        "1 of 2",
    ),
    (
        "§11",
        "and for nothing else",
        || rest(&[(Email, "uma@mail.example")]),
        "app authenticator",
    ),
    (
        "§11",
        "what is not on is not asked for",
        || lacks(&[(App, ""), (Email, "uma@mail.example"), (Mobile, "+442079460089")], 3),
        "",
    ),
    (
        "§11",
        "it never holds up the sign-in",
        || sign_in(|a| a.methods.clear(), true, false),
        "in",
    ),
    (
        "§6",
        "nobody is asked where it is not required",
        || asked(&person(), &set(|s| s.policy.registration.is_required = false)),
        "",
    ),
    (
        "§6",
        "skipped a thousand times",
        || may_put_off(1000, 900, |_| {}),
        "true",
    ),
    (
        "§6",
        "three times, of three",
        || may_put_off(3, 1, |s| s.policy.registration.skips.n_most = Some(3)),
        "false",
    ),
    (
        "§6",
        "twice, of three",
        || may_put_off(2, 1, |s| s.policy.registration.skips.n_most = Some(3)),
        "true",
    ),
    (
        "§6",
        "after 14 days, of 14",
        || may_put_off(1, 14, |s| s.policy.registration.skips.n_days = Some(14)),
        "false",
    ),
    (
        "§6",
        "after 13",
        || may_put_off(1, 13, |s| s.policy.registration.skips.n_days = Some(14)),
        "true",
    ),
    (
        "§6",
        "180 days after it was confirmed",
        || aged(&[180, 180], |_| {}),
        "reconfirm",
    ),
    ("§6", "a day before that", || aged(&[179, 179], |_| {}), ""),
    (
        "§11",
        "the oldest confirmation counts",
        || aged(&[1, 180], |_| {}),
        "reconfirm",
    ),
    (
        "§6",
        "never where registering is not required",
        || aged(&[180, 180], |s| s.policy.registration.is_required = false),
        "",
    ),
    (
        "§11",
        "an expired account is told after the right password",
        || sign_in(|a| a.expires_at = Some(NOW), true, false),
        "sign-in-disabled",
    ),
    (
        "§11",
        "and not after a wrong one",
        || sign_in(|a| a.expires_at = Some(NOW), false, false),
        "sign-in-failed",
    ),
    (
        "§11",
        "a locked account, even with the right one",
        || sign_in(|a| a.status = Status::Locked, true, false),
        "sign-in-paused",
    ),
    (
        "§11",
        "who has to change it does, before anything else",
        || sign_in(|a| a.must_change = true, true, false),
        "new-password",
    ),
    (
        "§11",
        "a change takes the old password",
        || wants_password(false, true).to_string(),
        "true",
    ),
    (
        "§11",
        "which who has to change it has just typed",
        || wants_password(true, true).to_string(),
        "false",
    ),
    (
        "§12",
        "the primary and the alternate mail",
        || mailboxes(Some("uma@acorn.example"), &["uma@mail.example", "u@post.example"], None),
        "uma@acorn.example uma@mail.example u@post.example",
    ),
    (
        "§12",
        "each once, however it is written",
        || mailboxes(Some("uma@mail.example"), &["UMA@mail.example"], None),
        "uma@mail.example",
    ),
    (
        "§12",
        "a contact that was added, as well",
        || mailboxes(Some("uma@acorn.example"), &[], Some("uma@mail.example")),
        "uma@acorn.example uma@mail.example",
    ),
    (
        "§4",
        "a loaded mailbox of the tenant's own gets notices",
        || mailboxes(None, &["post@acorn.example"], None),
        "post@acorn.example",
    ),
    ("§12", "a veto is told", || hears(Event::Veto, &[]), "true"),
    (
        "§12",
        "unless it is switched off",
        || hears(Event::Veto, &[Event::Veto]),
        "false",
    ),
    (
        "§12",
        "a report on a phone is told",
        || hears(Event::Denial, &[]),
        "true",
    ),
    (
        "§12",
        "unless it is switched off",
        || hears(Event::Denial, &[Event::Denial]),
        "false",
    ),
    (
        "§12",
        "each by a switch of its own",
        || hears(Event::Change, &[Event::Veto, Event::Denial]),
        "true",
    ),
    (
        "§12",
        "what is told to an owner says how to stop it",
        || has_reference(&Letter::Blocked { until: NOW }),
        "true",
    ),
    (
        "§12",
        "a denied push as well",
        || {
            has_reference(&Letter::Denied {
                user_name: "uma@acorn.example".to_owned(),
                at: NOW,
                network: String::new(),
                device: String::new(),
            })
        },
        "true",
    ),
    (
        "§12",
        "what is told to others does not",
        || {
            has_reference(&Letter::AdminReset {
                who: "uma@acorn.example".to_owned(),
                at: NOW,
            })
        },
        "false",
    ),
];
