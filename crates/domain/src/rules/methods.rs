//! The methods policy (`domain.md` §16).

use super::*;
use crate::policy::{Means, MethodsPolicy, Migration, Policy, Rule as Who, is_allowed, moved, proposal};

/// Whether somebody of the pilot group may use a gate: the page of resets has mail, the policy the app's codes for that group,
/// and sign-in had texts.
fn allows(gate: Gate, state: Migration, groups: &[GroupId]) -> String {
    let account = Account {
        groups: groups.to_vec(),
        ..able()
    };
    is_allowed(gate, Some(&account), &policy(state)).to_string()
}

fn policy(state: Migration) -> Policy {
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
    leads_for("", began, from, to)
}

fn leads_for(reason: &str, began: Migration, from: Migration, to: Migration) -> String {
    let mut before = usual();
    (before.policy.methods.began, before.policy.methods.state) = (began, from);
    let mut after = before.clone();
    after.policy.methods.state = to;
    reason.clone_into(&mut after.policy.methods.reason);
    moved(&before, &after).map_or("", |(_, wrong)| wrong.code()).to_owned()
}

/// Whether the complete methods policy lets somebody of the pilot group use a gate, where it has a method on for everybody
/// with these ways.
fn lets(gate: Gate, means: Means, ways: &[Gate], change: fn(&mut Who)) -> String {
    let mut rule = Who::EVERYBODY;
    change(&mut rule);
    let mut policy = policy(Migration::Complete);
    (policy.methods.rules, policy.methods.ways) = ([(means, rule)].into(), ways.to_vec());
    let account = Account {
        groups: vec![PILOT],
        ..able()
    };
    is_allowed(gate, Some(&account), &policy).to_string()
}

/// The same settings with the methods policy of [`policy`], complete.
fn complete(change: fn(&mut TenantSettings)) -> TenantSettings {
    let mut settings = set(|s| s.policy = policy(Migration::Complete));
    change(&mut settings);
    settings
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

pub(super) const MOVING: &[Rule] = &[
    (
        "§16",
        "a method for everybody",
        || lets(Gate::Email, Means::Email, &[], |_| {}),
        "true",
    ),
    (
        "§16",
        "off",
        || lets(Gate::Email, Means::Email, &[], |rule| rule.is_on = false),
        "false",
    ),
    (
        "§16",
        "to be left out wins",
        || {
            lets(Gate::Email, Means::Email, &[], |rule| {
                (rule.groups, rule.excluded_groups) = (vec![PILOT], vec![PILOT]);
            })
        },
        "false",
    ),
    (
        "§16",
        "voice calls mobiles",
        || lets(Gate::MobileCall, Means::Voice, &[], |_| {}),
        "true",
    ),
    (
        "§16",
        "and no office phones",
        || lets(Gate::OfficeCall, Means::Voice, &[], |_| {}),
        "false",
    ),
    (
        "§16",
        "unless that is set",
        || lets(Gate::OfficeCall, Means::Voice, &[Gate::OfficeCall], |_| {}),
        "true",
    ),
    (
        "§16",
        "the app by approvals, by codes, or both",
        || {
            let may = |gate| lets(gate, Means::App, &[Gate::AppPush], |_| {});
            format!("{} {}", may(Gate::AppPush), may(Gate::AppCode))
        },
        "true false",
    ),
    (
        "§16",
        "the app without either",
        || {
            wrong(|s| {
                s.policy.methods.rules = [(Means::App, Who::EVERYBODY), (Means::Email, Who::EVERYBODY)].into();
                s.policy.methods.state = Migration::Complete;
            })
        },
        "ways-missing",
    ),
    (
        "§16",
        "passkeys open resets, when the policy says so",
        || lets(Gate::Passkey, Means::Passkey, &[], |_| {}),
        "true",
    ),
    (
        "§16",
        "and not otherwise",
        || lets(Gate::Passkey, Means::Email, &[], |_| {}),
        "false",
    ),
    (
        "§16",
        "the number required stays",
        || n_needed(Some(&able()), &complete(|s| s.policy.n_gates = 2)).to_string(),
        "2",
    ),
    (
        "§16",
        "and administrators keep their own policy",
        || {
            usable(
                &Account {
                    roles: vec![Role::Auditor],
                    ..able()
                },
                &complete(|s| s.policy.methods.rules.clear()),
            )
            .len()
            .to_string()
        },
        "2",
    ),
    (
        "§16",
        "which is not people's",
        || {
            usable(&able(), &complete(|s| s.policy.methods.rules.clear()))
                .len()
                .to_string()
        },
        "0",
    ),
    (
        "§16",
        "what sign-in allowed counts until it is switched off",
        || {
            let mut policy = policy(Migration::InProgress);
            policy.methods.sign_in_counts = false;
            is_allowed(Gate::MobileSms, Some(&able()), &policy).to_string()
        },
        "false",
    ),
    (
        "§16",
        "and once complete no more",
        || allows(Gate::MobileSms, Migration::Complete, &[PILOT]),
        "false",
    ),
    (
        "§16",
        "from before it to in progress",
        || leads(Migration::PreMigration, Migration::PreMigration, Migration::InProgress),
        "",
    ),
    (
        "§16",
        "or to complete",
        || leads(Migration::PreMigration, Migration::PreMigration, Migration::Complete),
        "",
    ),
    (
        "§16",
        "from in progress to complete",
        || leads(Migration::InProgress, Migration::InProgress, Migration::Complete),
        "",
    ),
    (
        "§16",
        "from complete to before it never",
        || {
            leads_for(
                "Calls were forgotten",
                Migration::PreMigration,
                Migration::Complete,
                Migration::PreMigration,
            )
        },
        "state-order",
    ),
    (
        "§16",
        "opened again with a reason",
        || {
            leads_for(
                "Calls were forgotten",
                Migration::Complete,
                Migration::Complete,
                Migration::InProgress,
            )
        },
        "",
    ),
    (
        "§16",
        "a new tenant starts in complete",
        || Policy::of_new_tenant().methods.state.code().to_owned(),
        "complete",
    ),
    (
        "§16",
        "an imported one in progress",
        || {
            let mut policy = Policy::default();
            policy.import(vec![Gate::MobileSms]);
            policy.methods.state.code().to_owned()
        },
        "in-progress",
    ),
    (
        "§16",
        "where what its sign-in allowed counts",
        || {
            let mut policy = Policy::default();
            policy.import(vec![Gate::MobileSms]);
            is_allowed(Gate::MobileSms, None, &policy).to_string()
        },
        "true",
    ),
];
