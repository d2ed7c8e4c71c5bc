//! Who comes: languages, names, who may begin, and where help is (`domain.md` §§1–3).

use super::*;

use crate::brand::HelpLink;
use crate::flow::{Beginning, State, begin};
use crate::locale::{Language, Wishes, negotiate};
use crate::policy::offers_unlock;

fn language(change: fn(&mut Wishes<'_>)) -> String {
    let mut wishes = Wishes {
        chosen: Some(Language::Fr),
        forced: Some(Language::De),
        accepted: "en;q=0.3, ar;q=0.8",
        fallback: Some(Language::Es),
    };
    change(&mut wishes);
    negotiate(&wishes).tag().to_owned()
}

fn named(typed: &str) -> String {
    let name = UserName::parse(typed, usual().first_domain());
    name.map_or_else(|why| why.code().to_owned(), |name| name.as_str().to_owned())
}

/// With so many characters before the `@`, and so many behind it.
fn long(n_before: usize, n_behind: usize) -> String {
    let domain = format!("{}.example", "x".repeat(n_behind - ".example".len()));
    let name = UserName::parse(&format!("{}@{domain}", "u".repeat(n_before)), "");
    code(name.map(drop))
}

/// All that can fail does; then what fails first is put right, again and again.
fn one_by_one() -> String {
    let repairs: [fn(&mut Account, &mut TenantSettings); 7] = [
        |a, _| a.status = Status::Active,
        |_, s| s.policy.scope = Scope::All,
        |_, s| s.policy.gates = vec![Gate::AppCode, Gate::Email],
        |_, s| s.edition = Edition::Full,
        |a, _| a.groups.clear(),
        |a, _| a.methods.extend(able().methods.into_iter().take(1)),
        |a, _| a.methods = able().methods,
    ];
    let (mut account, mut settings) = (person(), settings(&[]));
    (account.status, account.groups) = (Status::Disabled, vec![PILOT]);
    (settings.policy.scope, settings.policy.n_gates) = (Scope::None, 2);
    (settings.policy.excluded_groups, settings.edition) = (vec![PILOT], Edition::Free);
    let blocked = Some(NOW.plus(FLOW_LIFE));
    let mut codes = vec![
        code(eligible(None, &settings, blocked, NOW)),
        code(eligible(Some(&account), &settings, blocked, NOW)),
    ];
    for repair in repairs {
        repair(&mut account, &mut settings);
        codes.push(code(eligible(Some(&account), &settings, blocked, NOW)));
    }
    codes.join(" ")
}

/// Where the page stands after a name was typed.
fn begins(account: Option<&Account>, mode: Mode, blocked_until: Option<Timestamp>) -> String {
    match begin(account, &usual(), mode, blocked_until, NOW) {
        Beginning::Stay(why) => format!("stays: {}", why.code()),
        Beginning::Flow {
            state: State::Ended(why),
            ..
        } => format!("stopped: {}", why.code()),
        Beginning::Flow { state, .. } => state.code().to_owned(),
    }
}

fn disabled() -> Account {
    Account {
        status: Status::Disabled,
        ..able()
    }
}

fn link(text: &str) -> String {
    HelpLink::parse(text).map_or_else(|why| why.to_string(), |link| link.href())
}

pub(super) const ARRIVAL: &[Rule] = &[
    ("§2", "one's own choice of language", || language(|_| {}), "fr"),
    (
        "§2",
        "then what the tenant forces, which beats the browser",
        || language(|w| w.chosen = None),
        "de",
    ),
    (
        "§2",
        "then the browser's, by weight",
        || language(|w| (w.chosen, w.forced) = (None, None)),
        "ar",
    ),
    (
        "§2",
        "then the tenant's default",
        || language(|w| (w.chosen, w.forced, w.accepted) = (None, None, "it")),
        "es",
    ),
    (
        "§2",
        "then English",
        || {
            language(|w| {
                *w = Wishes {
                    accepted: "it",
                    ..Wishes::default()
                }
            })
        },
        "en",
    ),
    (
        "§2",
        "the language sets the direction",
        || Language::Ar.direction().to_owned(),
        "rtl",
    ),
    ("§1", "a bare name", || named("uma"), "uma@acorn.example"),
    (
        "§1",
        "case, width and outer spaces",
        || named("  ＵＭＡ@Acorn.Example "),
        "uma@acorn.example",
    ),
    (
        "§1",
        "all its signs",
        || named("u'.-_!#^~a@acorn.example"),
        "u'.-_!#^~a@acorn.example",
    ),
    ("§1", "another sign", || named("u*a@acorn.example"), "username-form"),
    (
        "§1",
        "a dot right before the @",
        || named("uma.@acorn.example"),
        "username-form",
    ),
    ("§1", "113 characters", || long(64, 48), ""),
    ("§1", "65 before the @", || long(65, 47), "username-form"),
    ("§1", "49 behind it", || long(63, 49), "username-form"),
    ("§2", "no name", || named(" "), "username-missing"),
    (
        "§2",
        "no form of a name",
        || named("u a@acorn.example"),
        "username-form",
    ),
    ("§2", "more than 113 characters", || long(100, 48), "too-long"),
    (
        "§2",
        "what fails first decides, in this order",
        one_by_one,
        "user-unknown account-disabled tenant-off no-policy not-licensed not-in-scope not-registered too-few-methods blocked",
    ),
    (
        "§2",
        "in a selected group",
        || {
            reset(|a, s| {
                a.groups = vec![PILOT];
                (s.policy.scope, s.policy.groups) = (Scope::Selected, vec![PILOT]);
            })
        },
        "",
    ),
    (
        "§2",
        "an expired password",
        || reset(|a, _| a.password_expires_at = Some(NOW)),
        "",
    ),
    ("§2", "a locked account", || reset(|a, _| a.status = Status::Locked), ""),
    (
        "§2",
        "an administrator with one method",
        || {
            reset(|a, _| {
                a.methods.truncate(1);
                a.roles = vec![Role::Auditor];
            })
        },
        "too-few-methods",
    ),
    (
        "§2",
        "an administrator with one method and answers",
        || {
            reset(|a, s| {
                s.policy.gates.push(Gate::Questions);
                *a = Account {
                    roles: vec![Role::Auditor],
                    ..with(person(), &[(MethodKind::App, ""), (MethodKind::Questions, ANSWERED)])
                };
            })
        },
        "too-few-methods",
    ),
    (
        "§2",
        "an unknown name stays where it was typed",
        || begins(None, Mode::Explicit, None),
        "stays: user-unknown",
    ),
    (
        "§2",
        "so does a disabled account's",
        || begins(Some(&disabled()), Mode::Explicit, None),
        "stays: account-disabled",
    ),
    (
        "§2",
        "everybody else is stopped",
        || begins(Some(&person()), Mode::Explicit, None),
        "stopped: not-registered",
    ),
    (
        "§2",
        "or goes on",
        || begins(Some(&able()), Mode::Explicit, None),
        "gating",
    ),
    (
        "§3",
        "discreetly, an unknown name goes on",
        || begins(None, Mode::Discreet, None),
        "gating",
    ),
    (
        "§3",
        "so does a disabled account's",
        || begins(Some(&disabled()), Mode::Discreet, None),
        "gating",
    ),
    (
        "§3",
        "and one that has registered nothing",
        || begins(Some(&person()), Mode::Discreet, None),
        "gating",
    ),
    (
        "§3",
        "and one that is blocked",
        || begins(Some(&able()), Mode::Discreet, Some(NOW.plus(FLOW_LIFE))),
        "gating",
    ),
    (
        "§2",
        "unlocking is offered where it is on",
        || offers_unlock(&set(|s| s.policy.unlock.is_on = true)).to_string(),
        "true",
    ),
    (
        "§2",
        "and nowhere else",
        || offers_unlock(&usual()).to_string(),
        "false",
    ),
    (
        "§2",
        "help at an address",
        || link("help@acorn.example"),
        "mailto:help@acorn.example",
    ),
    (
        "§2",
        "help on a page",
        || link("https://help.acorn.example"),
        "https://help.acorn.example",
    ),
    (
        "§2",
        "help by telephone",
        || link("+44 20 7946 0000"),
        "tel:+442079460000",
    ),
];
