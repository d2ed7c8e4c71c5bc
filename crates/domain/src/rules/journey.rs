//! A reset, what outsiders learn, and limits (`domain.md` §§2, 3, 5).

use super::*;

pub(super) const JOURNEY: &[Rule] = &[
    (
        "§2",
        "an unknown name",
        || code(eligible(None, &usual(), None, NOW)),
        "user-unknown",
    ),
    (
        "§2",
        "a disabled account",
        || reset(|a, _| a.status = Status::Disabled),
        "account-disabled",
    ),
    (
        "§2",
        "an expired account",
        || reset(|a, _| a.expires_at = Some(NOW)),
        "account-disabled",
    ),
    (
        "§2",
        "the scope is None",
        || reset(|_, s| s.policy.scope = Scope::None),
        "tenant-off",
    ),
    (
        "§2",
        "no method is on",
        || reset(|_, s| s.policy.gates.clear()),
        "no-policy",
    ),
    (
        "§2",
        "a plan without resets",
        || reset(|_, s| s.edition = Edition::Free),
        "not-licensed",
    ),
    (
        "§2",
        "in no selected group",
        || reset(|_, s| s.policy.scope = Scope::Selected),
        "not-in-scope",
    ),
    (
        "§2",
        "in an excluded group",
        || reset(|a, s| (a.groups, s.policy.excluded_groups) = (vec![PILOT], vec![PILOT])),
        "not-in-scope",
    ),
    (
        "§2",
        "administrators' resets are off",
        || reset(|a, s| (a.roles, s.policy.admin_reset) = (vec![Role::Auditor], false)),
        "admin-reset-off",
    ),
    (
        "§2",
        "no method that counts",
        || reset(|a, _| a.methods.clear()),
        "not-registered",
    ),
    (
        "§2",
        "fewer methods than needed",
        || {
            reset(|a, s| {
                a.methods.truncate(1);
                s.policy.n_gates = 2;
            })
        },
        "too-few-methods",
    ),
    (
        "§2",
        "a block, told last",
        || code(eligible(Some(&able()), &usual(), Some(NOW.plus(FLOW_LIFE)), NOW)),
        "blocked",
    ),
    (
        "§2",
        "an earlier row decides",
        || {
            reset(|a, s| {
                a.methods.clear();
                s.policy.scope = Scope::None;
            })
        },
        "tenant-off",
    ),
    (
        "§2",
        "the flow lives 15 minutes",
        || FLOW_LIFE.as_secs().to_string(),
        "900",
    ),
    (
        "§3",
        "discreet is the default",
        || format!("{:?}", Disclosure::default()),
        "Discreet",
    ),
    (
        "§3",
        "auto tells on trusted networks, and to somebody's own browser",
        || {
            format!(
                "{:?}",
                [true, false].map(|it| Disclosure::Auto.mode(it) == Mode::Explicit)
            )
        },
        "[true, false]",
    ),
    (
        "§3",
        "discreet tells on none",
        || format!("{:?}", Disclosure::Discreet.mode(true)),
        "Discreet",
    ),
    (
        "§5",
        "failed proofs that end a flow",
        || FAILED_PROOFS_PER_FLOW.to_string(),
        "5",
    ),
];
