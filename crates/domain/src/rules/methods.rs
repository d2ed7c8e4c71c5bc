//! The methods policy (`domain.md` §16).

use super::*;
use crate::policy::{Means, MethodsPolicy, Migration, Rule as Who, is_allowed, moved, proposal};

/// Whether somebody of the pilot group may use a gate: the page of resets has mail, the policy the app's codes for that group,
/// and sign-in had texts.
fn allows(gate: Gate, state: Migration, groups: &[GroupId]) -> String {
    let account = Account {
        groups: groups.to_vec(),
        ..able()
    };
    is_allowed(gate, Some(&account), &policy(state)).to_string()
}

fn policy(state: Migration) -> crate::policy::Policy {
    let pilot = Who {
        groups: vec![PILOT],
        ..Who::EVERYBODY
    };
    let mut policy = settings(&[Gate::Email, Gate::Questions]).policy;
    policy.methods = MethodsPolicy {
        state,
        rules: [(Means::App, pilot)].into(),
        ways: vec![Gate::AppCode],
        sign_in: vec![Gate::MobileSms],
        sign_in_counts: true,
        ..MethodsPolicy::default()
    };
    policy
}

fn proposed(gates: &[Gate]) -> String {
    let old = settings(gates);
    let mut settings = settings(&[]);
    settings.policy.methods = proposal(&old.policy);
    settings.policy.n_gates = 2;
    let codes: Vec<&str> = offered_to_anybody(&settings).into_iter().map(Gate::code).collect();
    codes.join(" ")
}

fn leads(began: Migration, from: Migration, to: Migration) -> String {
    let mut before = usual();
    (before.policy.methods.began, before.policy.methods.state) = (began, from);
    let mut after = before.clone();
    after.policy.methods.state = to;
    moved(&before, &after).map_or("", |(_, wrong)| wrong.code()).to_owned()
}

pub(super) const METHODS: &[Rule] = &[
    (
        "§16",
        "before the migration resets go by their page",
        || allows(Gate::AppCode, Migration::PreMigration, &[PILOT]),
        "false",
    ),
    (
        "§16",
        "in progress by the methods policy as well",
        || allows(Gate::AppCode, Migration::InProgress, &[PILOT]),
        "true",
    ),
    (
        "§16",
        "and by their page",
        || allows(Gate::Email, Migration::InProgress, &[]),
        "true",
    ),
    (
        "§16",
        "and by what sign-in allowed",
        || allows(Gate::MobileSms, Migration::InProgress, &[]),
        "true",
    ),
    (
        "§16",
        "complete, by the methods policy",
        || allows(Gate::AppCode, Migration::Complete, &[PILOT]),
        "true",
    ),
    (
        "§16",
        "for its groups",
        || allows(Gate::AppCode, Migration::Complete, &[]),
        "false",
    ),
    (
        "§16",
        "and by their page no more",
        || allows(Gate::Email, Migration::Complete, &[PILOT]),
        "false",
    ),
    (
        "§16",
        "questions stay on their page",
        || allows(Gate::Questions, Migration::Complete, &[]),
        "true",
    ),
    (
        "§16",
        "a mobile phone becomes text and call",
        || proposed(&[Gate::MobileSms]),
        "mobile_call mobile_sms",
    ),
    (
        "§16",
        "an office phone calls with office phones",
        || proposed(&[Gate::OfficeCall]),
        "office_call mobile_call",
    ),
    (
        "§16",
        "approvals and codes of the app its approvals and codes",
        || proposed(&[Gate::AppPush, Gate::AppCode]),
        "app_push app_code",
    ),
    ("§16", "mail codes by mail", || proposed(&[Gate::Email]), "email"),
    (
        "§16",
        "back to before it, where it began there",
        || leads(Migration::PreMigration, Migration::InProgress, Migration::PreMigration),
        "",
    ),
    (
        "§16",
        "and nowhere else",
        || leads(Migration::InProgress, Migration::InProgress, Migration::PreMigration),
        "state-order",
    ),
    (
        "§16",
        "opened again without a reason",
        || leads(Migration::Complete, Migration::Complete, Migration::InProgress),
        "reason-missing",
    ),
    (
        "§4",
        "the app alone, once methods are not managed on the page of resets",
        || wrong(|s| s.policy.methods = proposal(&settings(&[Gate::AppCode]).policy)),
        "",
    ),
];
