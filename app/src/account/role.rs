//! Roles in words.

use crate::i18n::{locale, td_string};
use regain_domain::role::Role;

/// The roles, in one line.
pub(crate) fn role_words(roles: &[Role]) -> String {
    roles
        .iter()
        .map(|role| role_name(*role))
        .collect::<Vec<_>>()
        .join(" · ")
}

/// A role.
pub(crate) fn role_name(role: Role) -> &'static str {
    let locale = locale();
    match role {
        Role::GlobalAdmin => td_string!(locale, account.role.global_admin),
        Role::PolicyAdmin => td_string!(locale, account.role.policy_admin),
        Role::BrandOwner => td_string!(locale, account.role.brand_owner),
        Role::Helpdesk => td_string!(locale, account.role.helpdesk),
        Role::Auditor => td_string!(locale, account.role.auditor),
    }
}
