//! What staff may do to a person, and to whom they may not (R50–R52).

use crate::Timestamp;
use crate::account::{Account, Status};
use crate::ids::MethodId;
use crate::role::{Act, Role};
use serde::{Deserialize, Serialize};

/// What holds a person up, beside the account's own status, and whether a one-time pass would help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Until when resets rest, after too many failed proofs (R18).
    pub blocked_until: Option<Timestamp>,
    /// Whether wrong passwords have paused signing in.
    pub is_paused: bool,
    /// Whether a one-time pass would open anything for them ([`takes_pass`](crate::policy::takes_pass)).
    pub takes_pass: bool,
}

/// What may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonAct {
    /// End a block of resets, a pause of signing in and a lock.
    Lift,
    /// Remove one method, for a reason.
    RemoveMethod,
    /// Remove all methods, for a reason, and have them registered anew at the next sign-in.
    RegisterAgain,
    /// Give and take roles.
    Roles,
    /// Switch the account off.
    Disable,
    /// Switch it on again.
    Enable,
    /// Give a one-time pass, for a reason (R52).
    OneTimePass,
}

impl PersonAct {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Lift,
        Self::OneTimePass,
        Self::RegisterAgain,
        Self::RemoveMethod,
        Self::Roles,
        Self::Disable,
        Self::Enable,
    ];

    /// The stable code, as in addresses and audit entries.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lift => "lift",
            Self::RemoveMethod => "remove-method",
            Self::RegisterAgain => "register-again",
            Self::Roles => "roles",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::OneTimePass => "one-time-pass",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }

    /// What one has to be allowed to do (R51).
    pub const fn act(self) -> Act {
        match self {
            Self::Lift | Self::RemoveMethod | Self::RegisterAgain | Self::OneTimePass => Act::Assist,
            Self::Roles => Act::GrantRoles,
            Self::Disable | Self::Enable => Act::ManageUsers,
        }
    }

    /// Whether it takes a password that was typed within five minutes (R50).
    pub const fn is_sensitive(self) -> bool {
        !matches!(self, Self::Lift | Self::Enable)
    }

    /// Whether it takes a reason in words (R52).
    pub const fn wants_reason(self) -> bool {
        matches!(self, Self::RemoveMethod | Self::RegisterAgain | Self::OneTimePass)
    }
}

/// Something that is to be done, with all that it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doing {
    /// [`PersonAct::Lift`].
    Lift,
    /// [`PersonAct::RemoveMethod`].
    RemoveMethod {
        /// Which one.
        method: MethodId,
        /// Why.
        reason: String,
    },
    /// [`PersonAct::RegisterAgain`].
    RegisterAgain {
        /// Why.
        reason: String,
    },
    /// [`PersonAct::Roles`]: exactly these from now on.
    Roles(Vec<Role>),
    /// [`PersonAct::Disable`].
    Disable,
    /// [`PersonAct::Enable`].
    Enable,
    /// [`PersonAct::OneTimePass`].
    OneTimePass {
        /// Why.
        reason: String,
    },
}

impl Doing {
    /// What it is.
    pub const fn act(&self) -> PersonAct {
        match self {
            Self::Lift => PersonAct::Lift,
            Self::RemoveMethod { .. } => PersonAct::RemoveMethod,
            Self::RegisterAgain { .. } => PersonAct::RegisterAgain,
            Self::Roles(_) => PersonAct::Roles,
            Self::Disable => PersonAct::Disable,
            Self::Enable => PersonAct::Enable,
            Self::OneTimePass { .. } => PersonAct::OneTimePass,
        }
    }

    /// Why it is done, where that is asked.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::RemoveMethod { reason, .. } | Self::RegisterAgain { reason } | Self::OneTimePass { reason } => {
                Some(reason)
            }
            Self::Lift | Self::Roles(_) | Self::Disable | Self::Enable => None,
        }
    }
}

/// What `reader` may do to `person` now: nothing to oneself; the helpdesk nothing to staff; nobody takes the methods of staff,
/// who sign in with them (R51, R52).
pub fn acts(reader: &Account, person: &Account, held: &Held) -> Vec<PersonAct> {
    let may = |act: &PersonAct| act.act().is_allowed(&reader.roles) && is_open(*act, reader, person, held);
    PersonAct::ALL.into_iter().filter(may).collect()
}

fn is_open(act: PersonAct, reader: &Account, person: &Account, held: &Held) -> bool {
    if reader.id == person.id || (person.is_admin() && !reader.roles.contains(&Role::GlobalAdmin)) {
        return false;
    }
    match act {
        PersonAct::Lift => person.status == Status::Locked || held.is_paused || held.blocked_until.is_some(),
        PersonAct::RemoveMethod | PersonAct::RegisterAgain => !person.is_admin() && !person.methods.is_empty(),
        PersonAct::Roles => true,
        PersonAct::Disable => person.status != Status::Disabled,
        PersonAct::Enable => person.status == Status::Disabled,
        PersonAct::OneTimePass => !person.is_admin() && held.takes_pass,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::MethodKind;
    use crate::ids::AccountId;
    use crate::testing::{person, with};
    use uuid::Uuid;

    const MAIL: (MethodKind, &str) = (MethodKind::Email, "uma@mail.example");

    fn holding(n: u128, roles: &[Role]) -> Account {
        Account {
            id: AccountId(Uuid::from_u128(n)),
            roles: roles.to_vec(),
            ..with(person(), &[MAIL])
        }
    }

    /// Readers by role, persons by role, and what the one may do to the other while everything holds them up.
    #[test]
    fn r51_r52_each_role_may_do_to_each_what_is_its_own_and_nobody_anything_to_oneself() {
        use PersonAct::{Disable, Lift, OneTimePass, RegisterAgain, RemoveMethod, Roles};
        let held = Held {
            blocked_until: Some(Timestamp::from_ms(9)),
            is_paused: true,
            takes_pass: true,
        };
        let to_people: &[PersonAct] = &[Lift, OneTimePass, RegisterAgain, RemoveMethod];
        for (reader, staff, people) in [
            (vec![], &[][..], &[][..]),
            (vec![Role::Helpdesk], &[], to_people),
            (vec![Role::BrandOwner], &[], &[]),
            (vec![Role::PolicyAdmin], &[], &[]),
            (vec![Role::Auditor], &[], &[]),
            (
                vec![Role::GlobalAdmin],
                &[Lift, Roles, Disable],
                &[Lift, OneTimePass, RegisterAgain, RemoveMethod, Roles, Disable],
            ),
        ] {
            let reader = holding(1, &reader);
            assert_eq!(acts(&reader, &holding(2, &[]), &held), people, "{:?}", reader.roles);
            for role in Role::ALL {
                assert_eq!(
                    acts(&reader, &holding(2, &[role]), &held),
                    staff,
                    "{:?} {role:?}",
                    reader.roles
                );
            }
            assert_eq!(acts(&reader, &reader, &held), []);
        }
    }

    #[test]
    fn what_would_change_nothing_is_not_offered() {
        let reader = holding(1, &[Role::GlobalAdmin]);
        let off = Account {
            status: Status::Disabled,
            methods: Vec::new(),
            ..holding(2, &[])
        };
        assert_eq!(
            acts(&reader, &off, &Held::default()),
            [PersonAct::Roles, PersonAct::Enable]
        );
        let locked = Account {
            status: Status::Locked,
            ..holding(2, &[])
        };
        assert!(acts(&reader, &locked, &Held::default()).contains(&PersonAct::Lift));
        assert!(!acts(&reader, &holding(2, &[]), &Held::default()).contains(&PersonAct::Lift));
    }

    #[test]
    fn an_act_is_read_back_by_its_code() {
        for act in PersonAct::ALL {
            assert_eq!(PersonAct::of_code(act.code()), Some(act));
        }
        assert_eq!(
            PersonAct::of_code("reset-password"),
            None,
            "r52: nobody sets another's password"
        );
    }
}
