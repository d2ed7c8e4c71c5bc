//! The policy, page by page; administrators and editions (`domain.md` §§6–8).

use super::*;

/// Methods of somebody who has answered questions, where these are on.
fn by_answers(account: Account) -> String {
    let settings = set(|s| (s.policy.n_gates, s.policy.gates) = (2, vec![Gate::Email, Gate::Questions]));
    usable(&with(account, &[(MethodKind::Questions, ANSWERED)]), &settings)
        .len()
        .to_string()
}

pub(super) const PAGES: &[Rule] = &[
    (
        "§6",
        "Selected without a group",
        || wrong(|s| (s.policy.scope, s.policy.groups) = (Scope::Selected, vec![])),
        "groups-missing",
    ),
    (
        "§6",
        "a group that is not there",
        || typed(Setting::Groups, "Nobody's"),
        "group-unknown",
    ),
    (
        "§6",
        "no network in CIDR",
        || typed(Setting::TrustedNetworks, "192.0.2.0/33"),
        "network-form",
    ),
    ("§6", "three methods to reset", || typed(Setting::NGates, "3"), "range"),
    (
        "§6",
        "fewer methods on than required",
        || wrong(|s| (s.policy.n_gates, s.policy.gates) = (2, vec![Gate::Email])),
        "too-few-gates",
    ),
    (
        "§6",
        "fewer to register than to reset",
        || {
            wrong(|s| {
                (s.policy.n_gates, s.policy.gates, s.policy.registration.n_methods) =
                    (2, vec![Gate::Email, Gate::Passkey], Some(1));
            })
        },
        "register-fewer",
    ),
    (
        "§6",
        "re-confirmation after 731 days",
        || typed(Setting::ReconfirmDays, "731"),
        "range",
    ),
    ("§6", "31 skips", || typed(Setting::SkipsMost, "31"), "range"),
    ("§6", "91 days of skipping", || typed(Setting::SkipDays, "91"), "range"),
    (
        "§6",
        "a helpdesk link that runs a script",
        || typed(Setting::HelpLink, "javascript:alert(1)"),
        "help-form",
    ),
    (
        "§6",
        "a link of one's own, and none",
        || typed(Setting::HelpCustom, "on"),
        "help-missing",
    ),
    (
        "§6",
        "a country that is none",
        || typed(Setting::PhoneCountries, "UK"),
        "country-unknown",
    ),
    ("§6", "the defaults hang together", || wrong(|_| {}), ""),
];

pub(super) const STAFF_AND_PLANS: &[Rule] = &[
    (
        "§7",
        "administrators need two, whatever is set",
        || n_needed(Some(&staff()), &usual()).to_string(),
        "2",
    ),
    (
        "§7",
        "and are enabled, whatever the scope",
        || is_enabled(&staff(), &set(|s| s.policy.scope = Scope::None)).to_string(),
        "true",
    ),
    ("§7", "never by questions", || by_answers(staff()), "0"),
    ("§7", "as people do", || by_answers(person()), "1"),
    (
        "§7",
        "their passwords have 15 characters",
        || PasswordPolicy::of(Some(&staff()), &usual()).least().to_string(),
        "15",
    ),
    (
        "§8",
        "resets in the free plan",
        || Edition::Free.may(Feature::Reset).to_string(),
        "false",
    ),
    (
        "§8",
        "changes in the free plan",
        || Edition::Free.may(Feature::Change).to_string(),
        "true",
    ),
    (
        "§8",
        "calls in a trial",
        || Edition::Trial.may(Feature::Calls).to_string(),
        "false",
    ),
    (
        "§8",
        "unlocking in Office 365",
        || {
            may_unlock(
                None,
                &set(|s| (s.policy.unlock.is_on, s.edition) = (true, Edition::Office)),
            )
            .to_string()
        },
        "false",
    ),
    (
        "§8",
        "the full one has everything",
        || Feature::ALL.into_iter().all(|one| Edition::Full.may(one)).to_string(),
        "true",
    ),
    (
        "§7",
        "a person may be given a one-time pass",
        || takes_pass(&person(), &usual(), NOW).to_string(),
        "true",
    ),
    (
        "§7",
        "never upwards",
        || takes_pass(&staff(), &usual(), NOW).to_string(),
        "false",
    ),
    (
        "§7",
        "nobody sets another's password",
        || PersonAct::ALL.map(PersonAct::code).join(" "),
        "lift one-time-pass register-again remove-method roles disable enable",
    ),
];
