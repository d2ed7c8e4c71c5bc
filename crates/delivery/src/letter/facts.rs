//! The facts of a letter: what happened, when, from where and to whom, each beside its label.

use super::moment::moment;
use super::words::Words;
use regain_domain::Timestamp;
use regain_domain::brand::plain_text;
use regain_domain::notice::{Letter, StaffAct};
use regain_domain::role::Role;

/// What a letter tells, in the order in which it is read. What is not known is empty.
pub(super) fn facts<'a>(letter: &Letter, words: &'a Words, written_at: Timestamp) -> Vec<(&'a String, String)> {
    let label = &words.label;
    let at = |at: &Timestamp| (&label.at, moment(*at, words));
    let account = |name: &str| (&label.account, plain_text(name));
    let network = |network: &str| (&label.network, plain_text(network));
    let device = |device: &str| (&label.device, plain_text(device));
    match letter {
        Letter::ResetCode {
            expires_at,
            network: from,
            ..
        }
        | Letter::ConfirmCode {
            expires_at,
            network: from,
            ..
        } => vec![
            (&label.good_until, moment(*expires_at, words)),
            at(&written_at),
            network(from),
        ],
        Letter::MethodsChanged {
            user_name,
            hint,
            at: changed_at,
            network: from,
            device: with,
            ..
        } => vec![
            account(user_name),
            (&label.method, plain_text(hint)),
            at(changed_at),
            network(from),
            device(with),
        ],
        Letter::PasswordReset { .. }
        | Letter::PasswordChanged { .. }
        | Letter::AccountUnlocked { .. }
        | Letter::Denied { .. }
        | Letter::Reported { .. }
        | Letter::ReportedToStaff { .. } => account_facts(letter, words),
        Letter::Refused {
            user_name,
            network: from,
            ..
        } => vec![account(user_name), at(&written_at), network(from)],
        Letter::Call { .. } | Letter::Push { .. } => Vec::new(),
        Letter::Blocked { .. } => vec![at(&written_at)],
        Letter::AdminReset { who, at: reset_at } => vec![account(who), at(reset_at)],
        Letter::HelpRequest { .. } => help_facts(letter, words),
        Letter::ByStaff { .. } | Letter::RolesChanged { .. } => staff_facts(letter, words),
        Letter::UnderAttack { at: told_at } | Letter::CeilingReached { at: told_at, .. } => vec![at(told_at)],
    }
}

/// What is known of something that was done to an account, or asked of its owner.
fn account_facts<'a>(letter: &Letter, words: &'a Words) -> Vec<(&'a String, String)> {
    let label = &words.label;
    let ended = match letter {
        Letter::PasswordReset { sessions_ended, .. }
        | Letter::PasswordChanged { sessions_ended, .. }
        | Letter::AccountUnlocked { sessions_ended, .. } => sessions_ended.to_string(),
        _ => String::new(),
    };
    let (Letter::PasswordReset {
        user_name,
        at,
        network,
        device,
        ..
    }
    | Letter::PasswordChanged {
        user_name,
        at,
        network,
        device,
        ..
    }
    | Letter::AccountUnlocked {
        user_name,
        at,
        network,
        device,
        ..
    }
    | Letter::Denied {
        user_name,
        at,
        network,
        device,
    }
    | Letter::Reported {
        user_name,
        at,
        network,
        device,
        ..
    }
    | Letter::ReportedToStaff {
        user_name,
        at,
        network,
        device,
        ..
    }) = letter
    else {
        return Vec::new();
    };
    vec![
        (&label.account, plain_text(user_name)),
        (&label.at, moment(*at, words)),
        (&label.network, plain_text(network)),
        (&label.device, plain_text(device)),
        (&label.sessions_ended, ended),
    ]
}

/// What staff did, to an account or to roles.
fn staff_facts<'a>(letter: &Letter, words: &'a Words) -> Vec<(&'a String, String)> {
    let label = &words.label;
    match letter {
        Letter::ByStaff { user_name, act, at } => {
            let which = match act {
                StaffAct::MethodRemoved { hint, .. } => plain_text(hint),
                StaffAct::Lifted | StaffAct::RegisterAgain | StaffAct::OneTimePass => String::new(),
            };
            vec![
                (&label.account, plain_text(user_name)),
                (&label.method, which),
                (&label.at, moment(*at, words)),
            ]
        }
        Letter::RolesChanged { who, by, roles, at } => {
            let held: Vec<&str> = roles.iter().map(|role| role_words(*role, words)).collect();
            let held = match roles.is_empty() {
                true => words.role.none.clone(),
                false => held.join(", "),
            };
            vec![
                (&label.account, plain_text(who)),
                (&label.roles, held),
                (&label.by, plain_text(by)),
                (&label.at, moment(*at, words)),
            ]
        }
        _ => Vec::new(),
    }
}

/// What the helpdesk needs to call back.
fn help_facts<'a>(letter: &Letter, words: &'a Words) -> Vec<(&'a String, String)> {
    let label = &words.label;
    let Letter::HelpRequest {
        user_name,
        at,
        reason_code,
        network,
        reference,
    } = letter
    else {
        return Vec::new();
    };
    vec![
        (&label.account, plain_text(user_name)),
        (&label.at, moment(*at, words)),
        (&label.reason_code, plain_text(reason_code)),
        (&label.network, plain_text(network)),
        (&label.reference, plain_text(reference)),
    ]
}

fn role_words(role: Role, words: &Words) -> &str {
    match role {
        Role::GlobalAdmin => &words.role.global_admin,
        Role::PolicyAdmin => &words.role.policy_admin,
        Role::BrandOwner => &words.role.brand_owner,
        Role::Helpdesk => &words.role.helpdesk,
        Role::Auditor => &words.role.auditor,
    }
}
