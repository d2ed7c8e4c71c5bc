//! Groups as staff see them: who is in one, which groups it holds, and how they may be nested.

use super::{Found, Wrong};
use crate::ids::GroupId;
use crate::staff::Reader;
use serde::{Deserialize, Serialize};

/// A group in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// How many accounts are in it directly.
    pub n_people: u32,
    /// How many groups are in it directly.
    pub n_groups: u32,
}

/// The list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupsView {
    /// Who looks.
    pub reader: Reader,
    /// All groups, by name.
    pub groups: Vec<GroupRow>,
    /// What was typed as the name of a new one.
    pub typed: String,
    /// The name of the group that was removed just now.
    pub removed: Option<String>,
    /// Why the last post was refused.
    pub refusal: Option<Wrong>,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupView {
    /// Who looks.
    pub reader: Reader,
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Who is in it directly, by user name: one page.
    pub people: Vec<Found>,
    /// The user name after which the next page begins, where there is one.
    pub next: Option<String>,
    /// The groups that are in it directly.
    pub groups: Vec<(GroupId, String)>,
    /// The groups that may be put into it.
    pub offers: Vec<(GroupId, String)>,
    /// Whether the policy names it: then it stays.
    pub is_named: bool,
    /// What was typed as a user name, and refused.
    pub typed: String,
    /// What the last post did.
    pub said: Option<GroupAct>,
    /// Why the last post was refused.
    pub refusal: Option<Wrong>,
}

impl GroupView {
    /// Whether what was refused is about groups, and not about the user name that was typed.
    pub const fn is_of_groups(&self) -> bool {
        matches!(self.refusal, Some(Wrong::Circle | Wrong::GroupNamed))
    }
}

/// What may be done to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupAct {
    /// It was made.
    Create,
    /// Put a person into it.
    AddPerson,
    /// Take a person out of it.
    RemovePerson,
    /// Put a group into it.
    AddGroup,
    /// Take a group out of it.
    RemoveGroup,
    /// Remove it.
    Remove,
}

impl GroupAct {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Create,
        Self::AddPerson,
        Self::RemovePerson,
        Self::AddGroup,
        Self::RemoveGroup,
        Self::Remove,
    ];

    /// The stable code, as in forms and audit entries.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::AddPerson => "add-person",
            Self::RemovePerson => "remove-person",
            Self::AddGroup => "add-group",
            Self::RemoveGroup => "remove-group",
            Self::Remove => "remove",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }
}

/// Whether `child` may be put into `parent`: not into itself, and not where `parent` would then be within itself.
/// `nested`: pairs of a group and one that is in it.
pub fn may_nest(parent: GroupId, child: GroupId, nested: &[(GroupId, GroupId)]) -> bool {
    let mut within = vec![child];
    let mut next = 0;
    while let Some(group) = within.get(next).copied() {
        next += 1;
        let inside = nested.iter().filter(|(outer, _)| *outer == group);
        for (_, inner) in inside {
            if !within.contains(inner) {
                within.push(*inner);
            }
        }
    }
    !within.contains(&parent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn group(n: u8) -> GroupId {
        GroupId(Uuid::from_u128(n.into()))
    }

    #[test]
    fn no_group_comes_to_be_within_itself() {
        let nested = [(group(1), group(2)), (group(2), group(3))];
        for (parent, child, may) in [(1, 1, false), (3, 1, false), (2, 1, false), (1, 3, true), (4, 1, true)] {
            assert_eq!(
                may_nest(group(parent), group(child), &nested),
                may,
                "{child} into {parent}"
            );
        }
    }

    proptest! {
        /// Whatever is put into whatever, one after the other: as long as it was asked first, no circle comes of it.
        #[test]
        fn asked_each_time_there_is_never_a_circle(tries in proptest::collection::vec((0u8..6, 0u8..6), 0..30)) {
            let mut nested = Vec::new();
            for (parent, child) in tries {
                let (parent, child) = (group(parent), group(child));
                if may_nest(parent, child, &nested) {
                    nested.push((parent, child));
                }
            }
            for n in 0..6 {
                let mut seen: Vec<GroupId> = nested.iter().filter(|(outer, _)| *outer == group(n)).map(|(_, inner)| *inner).collect();
                let mut at = 0;
                while let Some(inner) = seen.get(at).copied() {
                    at += 1;
                    prop_assert!(inner != group(n));
                    for (_, further) in nested.iter().filter(|(outer, _)| *outer == inner) {
                        if !seen.contains(further) {
                            seen.push(*further);
                        }
                    }
                }
            }
        }
    }
}
