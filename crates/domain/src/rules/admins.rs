//! Administrators, and what each plan has (`domain.md` §§7, 8).

use super::walk::Did::{Choose, Code, Password};
use super::walk::{Walk, after};
use super::*;
use crate::audit::AuditDays;
use crate::gate::one_time::OneTimePass;
use crate::ids::{AccountId, MethodId};
use crate::people::{Held, acts};
use crate::policy::page::Version;
use crate::policy::{PassUse, lockout};
use crate::role::Act;
use crate::setup::{Facts, findings};

/// The gates of an administrator with these methods, where the tenant has none on.
fn staffs(methods: &[(MethodKind, &str)], edition: Edition) -> String {
    let mut settings = settings(&[]);
    settings.edition = edition;
    let account = with(staff(), methods);
    let codes: Vec<&str> = usable(&account, &settings)
        .into_iter()
        .map(|(gate, _)| gate.code())
        .collect();
    codes.join(" ")
}

/// Whether somebody with one of these roles may give a pass to somebody with the others; or to themselves.
fn gives_pass(reader: Role, person: &[Role], is_oneself: bool) -> String {
    let of = |n, roles: &[Role]| Account {
        id: AccountId(Uuid::from_u128(n)),
        roles: roles.to_vec(),
        ..able()
    };
    let held = Held {
        takes_pass: true,
        ..Held::default()
    };
    let person = of(if is_oneself { 1 } else { 2 }, person);
    acts(&of(1, &[reader]), &person, &held)
        .contains(&PersonAct::OneTimePass)
        .to_string()
}

/// What a role may do.
fn rights(role: Role) -> String {
    let may: Vec<String> = Act::ALL
        .into_iter()
        .filter(|act| act.is_allowed(&[role]))
        .map(|act| format!("{act:?}"))
        .collect();
    may.join(" ")
}

/// A reset with a one-time pass, which takes another method beside it.
fn given(walk: &mut Walk) {
    walk.settings.policy.one_time_pass = PassUse::Beside;
    walk.account.one_time_pass = Some(OneTimePass {
        id: MethodId(Uuid::from_u128(52)),
        expires_at: NOW.plus(FLOW_LIFE),
        is_spent: false,
    });
}

fn plans(feature: Feature) -> String {
    let codes: Vec<&str> = feature.editions().into_iter().map(Edition::code).collect();
    codes.join(" ")
}

fn audit_days(edition: Edition) -> String {
    (edition.audit_span(AuditDays::default()).as_secs() / 86_400).to_string()
}

/// Whether the pilot is ready: somebody to try it with, in a group of their own.
fn is_ready(change: fn(&mut Facts<'_>)) -> String {
    let settings = usual();
    let mut facts = Facts {
        settings: &settings,
        version: Version {
            number: 1,
            at: NOW,
            by: String::new(),
        },
        person: Some("test@acorn.example"),
        group: Some((PILOT, "Pilot")),
        is_member: true,
        methods: &[],
        is_registered: false,
        reset_at: None,
    };
    change(&mut facts);
    let first = findings(&facts).into_iter().next().expect("a step");
    format!("{} {}", first.step.code(), first.proof.is_some())
}

pub(super) const STAFF: &[Rule] = &[
    (
        "§7",
        "whoever holds any role needs two methods",
        || {
            let of = |role| Account {
                roles: vec![role],
                ..person()
            };
            let needs = Role::ALL.map(|role| n_needed(Some(&of(role)), &usual()).to_string());
            needs.join(" ")
        },
        "2 2 2 2 2",
    ),
    (
        "§7",
        "whoever holds none, as many as are set",
        || n_needed(Some(&person()), &usual()).to_string(),
        "1",
    ),
    (
        "§7",
        "their methods do not hang on the tenant's choice",
        || {
            staffs(
                &[
                    (MethodKind::Authenticator, ""),
                    (MethodKind::Passkey, ""),
                    (MethodKind::Email, "uma@mail.example"),
                    (MethodKind::Questions, ANSWERED),
                ],
                Edition::Full,
            )
        },
        "passkey app_push app_code email",
    ),
    (
        "§7",
        "a mobile and an office phone",
        || {
            staffs(
                &[
                    (MethodKind::Mobile, "+442079460089"),
                    (MethodKind::Office, "+442079460011"),
                ],
                Edition::P1,
            )
        },
        "office_call mobile_whatsapp mobile_call mobile_sms",
    ),
    (
        "§7",
        "without calls in a trial",
        || {
            staffs(
                &[
                    (MethodKind::Mobile, "+442079460089"),
                    (MethodKind::Office, "+442079460011"),
                ],
                Edition::Trial,
            )
        },
        "mobile_whatsapp mobile_sms",
    ),
    (
        "§7",
        "nor in the free plan",
        || staffs(&[(MethodKind::Office, "+442079460011")], Edition::Free),
        "",
    ),
    (
        "§7",
        "resets are off for all of them",
        || is_enabled(&staff(), &set(|s| s.policy.admin_reset = false)).to_string(),
        "false",
    ),
    (
        "§7",
        "the helpdesk gives a one-time pass",
        || gives_pass(Role::Helpdesk, &[], false),
        "true",
    ),
    (
        "§7",
        "and global administrators",
        || gives_pass(Role::GlobalAdmin, &[], false),
        "true",
    ),
    (
        "§7",
        "policy administrators do not",
        || gives_pass(Role::PolicyAdmin, &[], false),
        "false",
    ),
    (
        "§7",
        "nor brand owners",
        || gives_pass(Role::BrandOwner, &[], false),
        "false",
    ),
    ("§7", "nor auditors", || gives_pass(Role::Auditor, &[], false), "false"),
    (
        "§7",
        "never to one with a role",
        || gives_pass(Role::GlobalAdmin, &[Role::Auditor], false),
        "false",
    ),
    (
        "§7",
        "nor to oneself",
        || gives_pass(Role::GlobalAdmin, &[], true),
        "false",
    ),
    (
        "§7",
        "a pass is one method, and takes another",
        || after(given, &[Choose(Gate::OneTimePass), Code(true), Password(true)]),
        "stale",
    ),
    (
        "§7",
        "with which the person sets a password",
        || {
            after(
                given,
                &[
                    Choose(Gate::OneTimePass),
                    Code(true),
                    Choose(Gate::AppCode),
                    Code(true),
                    Password(true),
                ],
            )
        },
        "write, granted",
    ),
    (
        "§7",
        "a global administrator's rights",
        || rights(Role::GlobalAdmin),
        "Assist ManageUsers Brand HelpLink Policy GrantRoles ReadAudit",
    ),
    (
        "§7",
        "a policy administrator's",
        || rights(Role::PolicyAdmin),
        "HelpLink Policy ReadAudit",
    ),
    ("§7", "a brand owner's", || rights(Role::BrandOwner), "Brand HelpLink"),
    ("§7", "the helpdesk's", || rights(Role::Helpdesk), "Assist"),
    ("§7", "an auditor's", || rights(Role::Auditor), "ReadAudit ExportAudit"),
];

pub(super) const PLANS: &[Rule] = &[
    (
        "§8",
        "changes are in every plan",
        || plans(Feature::Change),
        "full free basic office business-premium p1 p2 trial",
    ),
    (
        "§8",
        "resets",
        || plans(Feature::Reset),
        "full basic office business-premium p1 p2 trial",
    ),
    (
        "§8",
        "unlocking",
        || plans(Feature::Unlock),
        "full business-premium p1 p2 trial",
    ),
    (
        "§8",
        "calls",
        || plans(Feature::Calls),
        "full basic office business-premium p1 p2",
    ),
    (
        "§8",
        "a list of one's own",
        || plans(Feature::CustomTerms),
        "full business-premium p1 p2 trial",
    ),
    (
        "§8",
        "a lockout of one's own",
        || plans(Feature::Lockout),
        "full business-premium p1 p2 trial",
    ),
    (
        "§8",
        "the list counts in no other",
        || {
            let settings = set(|s| (s.edition, s.password.enforce_custom) = (Edition::Office, true));
            PasswordPolicy::of(None, &settings).enforce_custom.to_string()
        },
        "false",
    ),
    (
        "§8",
        "nor does the lockout",
        || {
            lockout(&set(|s| (s.edition, s.lockout.tries) = (Edition::Free, 3)))
                .tries
                .to_string()
        },
        "10",
    ),
    (
        "§8",
        "in those it does",
        || {
            lockout(&set(|s| (s.edition, s.lockout.tries) = (Edition::P1, 3)))
                .tries
                .to_string()
        },
        "3",
    ),
    ("§8", "the audit in the free plan", || audit_days(Edition::Free), "7"),
    ("§8", "in Basic", || audit_days(Edition::Basic), "7"),
    ("§8", "in Office 365", || audit_days(Edition::Office), "7"),
    (
        "§8",
        "in Business Premium",
        || audit_days(Edition::BusinessPremium),
        "30",
    ),
    ("§8", "in P1", || audit_days(Edition::P1), "30"),
    ("§8", "in P2", || audit_days(Edition::P2), "30"),
    ("§8", "in a trial", || audit_days(Edition::Trial), "30"),
    ("§8", "in the full one", || audit_days(Edition::Full), "400"),
    (
        "§8",
        "which is what one begins with",
        || Edition::default().code().to_owned(),
        "full",
    ),
    (
        "§8",
        "a plan of one's own before the tenant's",
        || reset(|a, s| (a.edition, s.edition) = (Some(Edition::P1), Edition::Free)),
        "",
    ),
    (
        "§8",
        "whichever has more",
        || reset(|a, s| (a.edition, s.edition) = (Some(Edition::Free), Edition::P1)),
        "not-licensed",
    ),
    ("§8", "a test user in a test group", || is_ready(|_| {}), "pilot true"),
    (
        "§8",
        "a test user outside of it",
        || is_ready(|facts| facts.is_member = false),
        "pilot false",
    ),
    (
        "§8",
        "no test user",
        || is_ready(|facts| facts.person = None),
        "pilot false",
    ),
];
