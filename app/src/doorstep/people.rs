//! What forms about people, groups and workstations say, as the service takes it.

use regain_domain::ids::{AccountId, GroupId, KioskId, MethodId};
use regain_domain::people::{Doing, Field, Fields, GroupAct, Only, PersonAct, Search};
use regain_domain::role::Role;
use uuid::Uuid;

/// The id of an account; that of nobody where it is none.
pub fn account_id(typed: &str) -> AccountId {
    AccountId(id(typed))
}

/// The id of a group; that of none where it is none.
pub fn group_id(typed: &str) -> GroupId {
    GroupId(id(typed))
}

/// The id of an enrolled workstation; nobody's where it is none.
pub fn kiosk_id(typed: &str) -> KioskId {
    KioskId(id(typed))
}

fn id(typed: &str) -> Uuid {
    typed.parse().unwrap_or_default()
}

/// What is to be done to a group; nothing that does anything where the code is none.
pub fn group_act(code: &str) -> GroupAct {
    GroupAct::of_code(code).unwrap_or(GroupAct::Create)
}

/// Whom somebody looks for.
pub fn search(find: String, only: &str, after: String) -> Search {
    Search {
        words: find,
        only: Only::of_code(only).unwrap_or_default(),
        after,
    }
}

/// What is to be done to a person; nothing where the code is none. `ticked`: the boxes of all roles, in their order; those that
/// are not ticked are not sent.
pub fn doing(act: &str, method: &str, reason: String, ticked: [String; 5]) -> Option<Doing> {
    let roles = Role::ALL.into_iter().zip(ticked);
    let roles = roles.filter(|(_, ticked)| !ticked.is_empty());
    Some(match PersonAct::of_code(act)? {
        PersonAct::Lift => Doing::Lift,
        PersonAct::RemoveMethod => Doing::RemoveMethod {
            method: MethodId(id(method)),
            reason,
        },
        PersonAct::RegisterAgain => Doing::RegisterAgain { reason },
        PersonAct::Roles => Doing::Roles(roles.map(|(role, _)| role).collect()),
        PersonAct::Disable => Doing::Disable,
        PersonAct::Enable => Doing::Enable,
        PersonAct::OneTimePass => Doing::OneTimePass { reason },
    })
}

/// The fields of an account to be made, by their codes.
pub fn fields(typed: impl IntoIterator<Item = (&'static str, String)>) -> Fields {
    let field = |(code, text)| Some((Field::of_code(code)?, text));
    Fields(typed.into_iter().filter_map(field).collect())
}
