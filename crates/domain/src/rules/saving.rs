//! What the pages of the policy begin with, take, advise and show before they save (`domain.md` §6).

use super::*;
use crate::brand::{Colour, HelpLink, HelpMail, Theme, plain_text};
use crate::policy::page::PolicyPage;
use crate::policy::preview::{Preview, advice};
use crate::policy::{Policy, differences};

/// What a setting says until somebody sets it.
fn unset(setting: Setting) -> String {
    setting.read(&new(), &[])
}

fn new() -> TenantSettings {
    TenantSettings {
        policy: Policy::of_new_tenant(),
        ..usual()
    }
}

/// What is wrong with so many groups.
fn groups(n: u128) -> String {
    let groups: Vec<(GroupId, String)> = (0..n)
        .map(|n| (GroupId(Uuid::from_u128(n)), format!("Group {n}")))
        .collect();
    let names: Vec<&str> = groups.iter().map(|(_, name)| name.as_str()).collect();
    let (_, found) = written(&usual(), &groups, &[(Setting::Groups, names.join("\n"))]);
    found.first().map_or("", |(_, wrong)| wrong.code()).to_owned()
}

/// What is advised, where there is nothing to advise before.
fn advised(change: fn(&mut TenantSettings)) -> String {
    let mut settings = set(|s| s.policy.notify_all_admins = true);
    change(&mut settings);
    format!("{:?}", advice(&settings))
}

/// Who could reset and could no longer, and who the other way round, if this were saved: of one with two methods, and one
/// with none.
fn touched(before: fn(&mut TenantSettings), after: fn(&mut TenantSettings)) -> String {
    let mut preview = Preview::default();
    for account in [able(), person()] {
        preview.count(&account, &set(before), &set(after), NOW);
    }
    format!(
        "{} of {} can, -{} +{}",
        preview.n_after, preview.n_all, preview.n_lose, preview.n_gain
    )
}

fn changed(change: fn(&mut TenantSettings)) -> String {
    let found = differences(&usual(), &set(change), &[]);
    let lines = found
        .iter()
        .map(|one| format!("{}: {} → {}", one.setting.code(), one.before, one.after));
    lines.collect::<Vec<_>>().join(", ")
}

/// Whether the accent, and what is made of it, can be read on white.
fn is_readable(text: &str) -> String {
    let accent = Colour::parse(text).expect("a colour");
    let may = |colour: Colour| colour.contrast(Colour::WHITE) >= 4.5;
    format!("{} {}", may(accent), may(Theme::of(accent).brand_light))
}

pub(super) const DEFAULTS: &[Rule] = &[
    ("§6", "nobody may reset", || unset(Setting::Scope), "none"),
    ("§6", "no groups", || unset(Setting::Groups), ""),
    (
        "§6",
        "outsiders learn nothing",
        || unset(Setting::Disclosure),
        "discreet",
    ),
    ("§6", "no network is trusted", || unset(Setting::TrustedNetworks), ""),
    ("§6", "one method to reset", || unset(Setting::NGates), "1"),
    (
        "§6",
        "mail and the app's codes",
        || {
            let gates = offered_to_anybody(&new()).into_iter().map(Gate::code);
            gates.collect::<Vec<_>>().join(" ")
        },
        "app_code email",
    ),
    ("§6", "as many to register as to reset", || unset(Setting::NMethods), ""),
    (
        "§6",
        "five questions to register",
        || unset(Setting::QuestionsRegister),
        "5",
    ),
    ("§6", "three to reset", || unset(Setting::QuestionsReset), "3"),
    (
        "§6",
        "ten picked",
        || unset(Setting::QuestionsPicked).lines().count().to_string(),
        "10",
    ),
    (
        "§6",
        "registering is asked for",
        || unset(Setting::RegistrationRequired),
        "on",
    ),
    (
        "§6",
        "confirming after 180 days",
        || unset(Setting::ReconfirmDays),
        "180",
    ),
    ("§6", "skipped as often as one likes", || unset(Setting::SkipsMost), ""),
    ("§6", "for as long", || unset(Setting::SkipDays), ""),
    ("§6", "people are told of resets", || unset(Setting::NotifyUsers), "on"),
    (
        "§6",
        "all administrators are not",
        || unset(Setting::NotifyAllAdmins),
        "",
    ),
    ("§6", "no helpdesk link of one's own", || unset(Setting::HelpCustom), ""),
    (
        "§6",
        "requests for help are passed on",
        || unset(Setting::HelpMail),
        "on",
    ),
    ("§6", "no unlocking without a reset", || unset(Setting::UnlockOn), ""),
    (
        "§6",
        "unlocking clears the lockout",
        || unset(Setting::UnlockClearsLockout),
        "on",
    ),
    ("§6", "administrators may reset", || unset(Setting::AdminReset), "on"),
    (
        "§7",
        "the modern profile",
        || unset(Setting::Protection(Protection::Profile)),
        "modern",
    ),
    (
        "§7",
        "passwords do not expire",
        || unset(Setting::Protection(Protection::Expiry)),
        "",
    ),
    (
        "§7",
        "no history",
        || unset(Setting::Protection(Protection::History)),
        "0",
    ),
    (
        "§9",
        "one's own list does not count",
        || unset(Setting::Protection(Protection::EnforceCustom)),
        "",
    ),
    (
        "§10",
        "ten wrong passwords",
        || unset(Setting::Protection(Protection::LockoutTries)),
        "10",
    ),
    (
        "§10",
        "a first pause of a minute",
        || unset(Setting::Protection(Protection::LockoutFirst)),
        "60",
    ),
    (
        "§10",
        "a longest one of a quarter of an hour",
        || unset(Setting::Protection(Protection::LockoutMost)),
        "900",
    ),
];

pub(super) const SAVING: &[Rule] = &[
    ("§6", "a scope that is none", || typed(Setting::Scope, "some"), "choice"),
    ("§6", "50 groups", || groups(50), ""),
    ("§6", "51 groups", || groups(51), "too-many"),
    ("§6", "no method to reset", || typed(Setting::NGates, "0"), "range"),
    (
        "§6",
        "questions are not counted among the methods required",
        || wrong(|s| (s.policy.n_gates, s.policy.gates) = (2, vec![Gate::Email, Gate::Questions])),
        "too-few-gates",
    ),
    (
        "§6",
        "nor calls in a plan without them",
        || wrong(|s| (s.edition, s.policy.gates) = (Edition::Trial, vec![Gate::MobileCall])),
        "too-few-gates",
    ),
    (
        "§6",
        "six methods to register",
        || typed(Setting::NMethods, "6"),
        "range",
    ),
    (
        "§6",
        "a helpdesk link of 257 characters",
        || typed(Setting::HelpLink, &format!("https://acorn.example/{}", "x".repeat(235))),
        "help-form",
    ),
    (
        "§6",
        "one of 256",
        || typed(Setting::HelpLink, &format!("https://acorn.example/{}", "x".repeat(234))),
        "",
    ),
    (
        "§6",
        "one without encryption",
        || typed(Setting::HelpLink, "http://help.acorn.example"),
        "help-form",
    ),
    (
        "§6",
        "a phone number",
        || typed(Setting::HelpLink, "+44 20 7946 0000"),
        "",
    ),
    (
        "§6",
        "of administrators their resets alone are set",
        || {
            PolicyPage::AdministratorPolicy
                .settings()
                .into_iter()
                .map(Setting::code)
                .collect()
        },
        "admin_reset",
    ),
    ("§6", "nothing to advise", || advised(|_| {}), "[]"),
    (
        "§6",
        "enable two methods or more",
        || advised(|s| s.policy.gates = vec![Gate::AppCode]),
        "[MoreMethods]",
    ),
    (
        "§6",
        "prefer the app",
        || advised(|s| s.policy.gates = vec![Gate::Email, Gate::OfficeCall]),
        "[PreferApp]",
    ),
    (
        "§6",
        "the mobile phone is the weakest",
        || advised(|s| s.policy.gates.push(Gate::MobileSms)),
        "[MobileWeak]",
    ),
    (
        "§6",
        "questions only beside another method",
        || advised(|s| s.policy.gates.push(Gate::Questions)),
        "[QuestionsWeak]",
    ),
    (
        "§6",
        "tell all administrators of an administrator's reset",
        || advised(|s| s.policy.notify_all_admins = false),
        "[TellAdmins]",
    ),
    (
        "§6",
        "a helpdesk mailbox behind this reset",
        || advised(|s| s.brand.help = HelpLink::parse("help@acorn.example").ok()),
        "[HelpBehindReset]",
    ),
    (
        "§6",
        "no way to the helpdesk at all",
        || advised(|s| s.brand.help_mail = HelpMail::Off),
        "[HelpNowhere]",
    ),
    (
        "§6",
        "one elsewhere",
        || advised(|s| s.brand.help = HelpLink::parse("help@mail.example").ok()),
        "[]",
    ),
    (
        "§6",
        "raising to two shows who would be shut out",
        || {
            touched(
                |_| {},
                |s| (s.policy.n_gates, s.policy.gates) = (2, vec![Gate::AppCode, Gate::MobileSms]),
            )
        },
        "0 of 2 can, -1 +0",
    ),
    (
        "§6",
        "and lowering who gets in",
        || {
            touched(
                |s| (s.policy.n_gates, s.policy.gates) = (2, vec![Gate::AppCode, Gate::MobileSms]),
                |_| {},
            )
        },
        "1 of 2 can, -0 +1",
    ),
    (
        "§6",
        "old and new value are told",
        || changed(|s| (s.policy.n_gates, s.policy.unlock.is_on) = (2, true)),
        "n_gates: 1 → 2, unlock_on:  → on",
    ),
    (
        "§6",
        "a colour",
        || Colour::parse("#0b6E4f").is_ok().to_string(),
        "true",
    ),
    (
        "§6",
        "by its name",
        || Colour::parse("green").is_ok().to_string(),
        "false",
    ),
    (
        "§6",
        "of three digits",
        || Colour::parse("#0b6").is_ok().to_string(),
        "false",
    ),
    (
        "§6",
        "one that cannot be read on white is mended",
        || is_readable("#ffd500"),
        "false true",
    ),
    (
        "§6",
        "names are plain text",
        || plain_text(" \u{202e}Acorn\u{200b} Works\n"),
        "Acorn Works",
    ),
];
