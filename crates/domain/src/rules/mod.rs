//! One table with a row for each rule of `domain.md` §§1–12 and 16 that is decided in this crate: its name, the facts, the verdict.
//! The laws behind the rows, and their edges, are tested beside the code that decides.

mod admins;
mod arrival;
mod enrol;
mod gates;
mod journey;
mod limits;
mod methods;
mod pages;
mod passwords;
mod people;
mod proofs;
mod questions;
mod saving;
mod signing_in;
mod steps;
mod usable;
mod walk;

use crate::account::{Account, Status, UserName};
use crate::change::too_young;
use crate::gate::questions::{OwnQuestion, QuestionText};
use crate::gate::{Gate, MethodKind, email, is_code_form, plain_digits};
use crate::ids::{GroupId, QuestionId};
use crate::limits::{FAILED_PROOFS_PER_FLOW, FLOW_LIFE, Hits};
use crate::password::{BannedList, Lists, Names, NewPassword, PasswordPolicy, Profile, refusals};
use crate::people::PersonAct;
use crate::policy::setting::Setting;
use crate::policy::{
    Disclosure, Edition, Event, Feature, Mode, Protection, Scope, eligible, is_capable, is_enabled, is_registered,
    may_unlock, n_needed, offered_to_anybody, takes_pass, usable, written, wrongs,
};
use crate::refusal::Refusal;
use crate::registration::{Interrupt, Skip, interrupt, may_add};
use crate::role::Role;
use crate::sign_in::{Verdict, decide};
use crate::tenant::TenantSettings;
use crate::testing::{person, settings, with};
use crate::{Secret, Timestamp};
use std::time::Duration;
use uuid::Uuid;

/// Where it is written, what it says, how it is decided of which facts, and the verdict.
type Rule = (&'static str, &'static str, fn() -> String, &'static str);

const NOW: Timestamp = Timestamp::from_ms(1_000_000_000_000);
const PILOT: GroupId = GroupId(Uuid::from_u128(5));
/// Three questions that were answered: as many as a reset asks.
const ANSWERED: &str = "hiding_place lost_way lost_thing";

#[test]
fn every_rule_of_the_reference_gives_its_verdict() {
    for rules in [
        arrival::ARRIVAL,
        journey::JOURNEY,
        steps::STEPS,
        proofs::PROOFS,
        gates::GATES,
        usable::USABLE,
        questions::QUESTIONS,
        enrol::ENROLLING,
        limits::COUNTED,
        pages::PAGES,
        saving::DEFAULTS,
        saving::SAVING,
        pages::STAFF_AND_PLANS,
        admins::STAFF,
        admins::PLANS,
        people::PASSWORDS,
        passwords::POLICY,
        passwords::WORDS,
        signing_in::LOCKOUT,
        people::PEOPLE,
        signing_in::SIGNING_IN,
        methods::METHODS,
        methods::MOVING,
    ] {
        for (place, says, decide, verdict) in rules {
            assert_eq!(decide(), *verdict, "{place}: {says}");
        }
    }
}

fn usual() -> TenantSettings {
    settings(&[Gate::AppCode, Gate::Email])
}

fn set(change: fn(&mut TenantSettings)) -> TenantSettings {
    let mut settings = usual();
    change(&mut settings);
    settings
}

fn able() -> Account {
    with(
        person(),
        &[(MethodKind::Email, "uma@mail.example"), (MethodKind::App, "")],
    )
}

fn staff() -> Account {
    Account {
        roles: vec![Role::Helpdesk],
        ..person()
    }
}

fn code(found: Result<(), Refusal>) -> String {
    found.err().as_ref().map_or("", Refusal::code).to_owned()
}

fn reset(change: fn(&mut Account, &mut TenantSettings)) -> String {
    let (mut account, mut settings) = (able(), usual());
    change(&mut account, &mut settings);
    code(eligible(Some(&account), &settings, None, NOW))
}

fn wrong(change: fn(&mut TenantSettings)) -> String {
    let found = wrongs(&set(change));
    found.first().map_or("", |(_, wrong)| wrong.code()).to_owned()
}

fn typed(setting: Setting, text: &str) -> String {
    let (_, found) = written(&usual(), &[], &[(setting, text.to_owned())]);
    found.first().map_or("", |(_, wrong)| wrong.code()).to_owned()
}

fn n_independent(methods: &[(MethodKind, &str)]) -> String {
    let mut settings = settings(&Gate::ALL);
    settings.policy.n_gates = 2;
    crate::policy::n_usable(&with(person(), methods), &settings).to_string()
}

fn gates(n_gates: u32) -> String {
    let mut settings = settings(&[Gate::AppPush, Gate::AppCode, Gate::Email]);
    settings.policy.n_gates = n_gates;
    let codes: Vec<&str> = offered_to_anybody(&settings).into_iter().map(Gate::code).collect();
    codes.join(" ")
}

fn offers_call(change: fn(&mut Account, &mut TenantSettings)) -> String {
    let mut settings = settings(&[Gate::MobileCall]);
    change(&mut able(), &mut settings);
    offered_to_anybody(&settings).contains(&Gate::MobileCall).to_string()
}

fn own(n: usize, words: fn(usize) -> String) -> Vec<OwnQuestion> {
    let numbered = (0..n).zip(1_u128..);
    let question = |(n, id)| OwnQuestion {
        id: QuestionId(Uuid::from_u128(id)),
        text: QuestionText::parse(&words(n)).expect("a question"),
    };
    numbered.map(question).collect()
}

/// By the shipped list, a name and a word of the organisation's own.
fn password(profile: Profile, text: &str) -> String {
    let policy = PasswordPolicy {
        profile,
        enforce_custom: true,
        custom: vec!["Harbour".to_owned()],
        ..PasswordPolicy::default()
    };
    let lists = Lists {
        banned: BannedList::shipped(),
        is_known: |_| false,
    };
    let typed = Secret::new(text.to_owned());
    let new = NewPassword {
        typed: &typed,
        repeated: &typed,
        present: None,
    };
    let found = refusals(&policy, &Names::new(["Poll"]), lists, new);
    found.iter().map(Refusal::code).collect::<Vec<_>>().join(" ")
}

fn over(age_days: u64, expiry_days: u32, never: bool) -> String {
    let policy = PasswordPolicy {
        expiry_days: Some(expiry_days),
        ..PasswordPolicy::default()
    };
    let account = Account {
        password_never_expires: never,
        ..able()
    };
    let at = account.password_changed_at.plus(Duration::from_hours(24 * age_days));
    account.wants_new_password(&policy, at).to_string()
}

fn of_age(least_age_hours: u32) -> PasswordPolicy {
    PasswordPolicy {
        least_age_hours,
        ..PasswordPolicy::default()
    }
}

/// Seconds of the pause after so many wrong passwords, one right after the other.
fn pause(n: usize) -> String {
    let failures: Hits = vec![NOW; n].into_iter().collect();
    let until = usual().lockout.paused_until(&failures, NOW);
    until.map_or(String::new(), |until| until.seconds_from(NOW).to_string())
}

fn sign_in(change: fn(&mut Account), is_right: bool, is_paused: bool) -> String {
    let mut account = able();
    change(&mut account);
    let verdict = decide(Some(&account), is_right, is_paused, &PasswordPolicy::default(), NOW);
    match verdict {
        Verdict::In => "in",
        Verdict::CodeNext => "code",
        Verdict::NewPasswordNext => "new-password",
        Verdict::No { ref refusal, .. } => refusal.code(),
    }
    .to_owned()
}

fn asked(account: &Account, settings: &TenantSettings) -> String {
    match interrupt(account, settings, NOW, NOW) {
        Some(Interrupt::Register { .. }) => "register",
        Some(Interrupt::Reconfirm { .. }) => "reconfirm",
        None => "",
    }
    .to_owned()
}

fn skip(account: &Account) -> String {
    let found = interrupt(account, &usual(), NOW, NOW).map(Interrupt::skip);
    found.map_or(String::new(), |skip| {
        if skip == Skip::No { "No" } else { "Yes" }.to_owned()
    })
}

fn told(change: fn(&mut TenantSettings), account: &Account) -> String {
    set(change).policy.notices.are_told(Event::Change, account).to_string()
}
