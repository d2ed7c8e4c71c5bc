//! People and groups as staff see them: who is found, what one page shows of a person, and what may be done to them.

mod act;
mod group;
mod newcomer;
mod wrong;

pub use act::{Doing, Held, PersonAct, acts};
pub use group::{GroupAct, GroupRow, GroupView, GroupsView, may_nest};
pub use newcomer::{Field, Fields, ImportLine, ImportView, NewcomerView, languages};
pub use wrong::Wrong;

use crate::account::{Account, Status};
use crate::ids::AccountId;
use crate::policy::doctor::Findings;
use crate::refusal::Refusal;
use crate::registration::Listed;
use crate::role::Role;
use crate::staff::Reader;
use crate::text::nfkc;
use crate::{Timestamp, limits::PEOPLE_FOUND_MOST};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which people a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Only {
    /// Everybody.
    #[default]
    Everyone,
    /// Whoever holds a role.
    Staff,
    /// Those whose sign-in is held until somebody lifts it.
    Locked,
    /// Those who are switched off.
    Disabled,
}

impl Only {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Everyone, Self::Staff, Self::Locked, Self::Disabled];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Staff => "staff",
            Self::Locked => "locked",
            Self::Disabled => "disabled",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|only| only.code() == code)
    }
}

/// Whom somebody looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Words of a name, a user name or a mail address, as they were typed.
    pub words: String,
    /// Whom the list is for.
    pub only: Only,
    /// The user name after which it goes on; empty: from the start.
    pub after: String,
}

impl Search {
    /// What every one of them has to have somewhere: small letters, NFKC, at most [`PEOPLE_FOUND_MOST`] of them.
    pub fn parts(&self) -> Vec<String> {
        let folded = folded(&self.words);
        let parts = folded.split_whitespace().map(str::to_owned);
        parts.take(WORDS_MOST).collect()
    }
}

/// Most words that are looked for.
const WORDS_MOST: usize = 6;
/// Longest text that is looked for, in characters.
pub const SEARCH_MOST: usize = 200;

/// A text as it is looked for: NFKC, small letters.
pub fn folded(text: &str) -> String {
    nfkc(text.chars()).flat_map(char::to_lowercase).collect()
}

/// What a person is found by: user name, names and the mailbox for notices, each on a line of its own.
pub fn found_by(user_name: &str, given_name: &str, family_name: &str, mail: Option<&str>) -> String {
    let name = format!("{given_name} {family_name}");
    folded(&[user_name, name.trim(), mail.unwrap_or_default()].join("\n"))
}

/// One of those who were found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Whose account.
    pub id: AccountId,
    /// The user name.
    pub user_name: String,
    /// As people call them.
    pub name: String,
    /// Whether the account may be used.
    pub status: Status,
    /// Whether they hold a role.
    pub is_staff: bool,
}

impl From<&Account> for Found {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id,
            user_name: account.user_name.as_str().to_owned(),
            name: account.display_name(),
            status: account.status,
            is_staff: account.is_admin(),
        }
    }
}

/// The list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleView {
    /// Who looks.
    pub reader: Reader,
    /// Whom they look for; nothing before they have said so.
    pub search: Option<Search>,
    /// Who was found, by user name: one page of at most [`PEOPLE_FOUND_MOST`].
    pub found: Vec<Found>,
    /// The user name after which the next page begins, where there is one.
    pub next: Option<String>,
}

impl PeopleView {
    /// The page of those who were found, of whom one more than fits was asked for.
    pub fn of(reader: Reader, search: Option<Search>, mut found: Vec<Found>) -> Self {
        let has_more = found.len() > PEOPLE_FOUND_MOST;
        found.truncate(PEOPLE_FOUND_MOST);
        let last = found.last().filter(|_| has_more);
        Self {
            reader,
            search,
            next: last.map(|last| last.user_name.clone()),
            found,
        }
    }
}

/// What a post did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// The account was made.
    Created,
    /// This was done.
    Done(PersonAct),
}

/// How far somebody is with registering (`domain.md` §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// As many usable ways as there have to be.
    pub is_registered: bool,
    /// In scope.
    pub is_enabled: bool,
    /// Staff want them to register anew at the next sign-in.
    pub must_register: bool,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// Who looks.
    pub reader: Reader,
    /// Whose account.
    pub id: AccountId,
    /// The user name.
    pub user_name: String,
    /// As people call them.
    pub name: String,
    /// The mailbox for notices.
    pub mail: Option<String>,
    /// Whether the account may be used.
    pub status: Status,
    /// Roles.
    pub roles: Vec<Role>,
    /// The names of the groups that they are in, nested ones included.
    pub groups: Vec<String>,
    /// When the password was set last.
    pub password_changed_at: Timestamp,
    /// Whether it has to be changed at the next sign-in.
    pub must_change: bool,
    /// What holds them up.
    pub held: Held,
    /// How far they are with registering.
    pub standing: Standing,
    /// What the wizard would do for them.
    pub findings: Findings,
    /// Their methods, masked.
    pub methods: Vec<Listed>,
    /// What whoever looks may do.
    pub acts: Vec<PersonAct>,
    /// Whether the password has to be typed for what is sensitive (R50).
    pub wants_password: bool,
    /// What the last post did.
    pub said: Option<Said>,
    /// Why the password that the last post came with was refused.
    pub refusal: Option<Refusal>,
    /// What was wrong with what the last post said.
    pub wrong: Option<Wrong>,
    /// What the last post wanted, where it was refused.
    pub tried: Option<Doing>,
    /// Until when the one-time pass counts that they were given last, while it is good.
    pub pass_until: Option<Timestamp>,
    /// Whether a one-time pass would not be enough for them: it takes one of their own beside it, and they have none.
    pub lacks_beside: bool,
    /// A one-time pass, in the answer of the post that has just given it and nowhere else (R52).
    pub given: Option<Given>,
}

/// A one-time pass, as it is shown once to whoever gave it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Its digits, in groups.
    pub pass: String,
    /// Until when it counts.
    pub until: Timestamp,
    /// Whether the person needs one of their own methods beside it.
    pub is_beside: bool,
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Given(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_found_by_any_part_of_their_names_however_they_are_written() {
        let text = found_by("uma@acorn.example", "Uma", "SERRANO", Some("Uma.S@mail.example"));
        for (typed, is_there) in [
            ("uma", true),
            ("serr", true),
            ("  RANO  uma ", true),
            ("ＵＭＡ", true),
            ("s@mail", true),
            ("", true),
            ("uma lotte", false),
        ] {
            let search = Search {
                words: typed.to_owned(),
                ..Search::default()
            };
            let is_found = search.parts().iter().all(|part| text.contains(part));
            assert_eq!(is_found, is_there, "{typed:?}");
        }
    }

    #[test]
    fn a_page_says_where_the_next_one_begins_only_if_there_is_one() {
        let found = |n: usize| -> Vec<Found> {
            let one = |n: usize| Found {
                id: AccountId(uuid::Uuid::from_u128(n as u128)),
                user_name: format!("{n:03}@acorn.example"),
                name: String::new(),
                status: Status::Active,
                is_staff: false,
            };
            (0..n).map(one).collect()
        };
        let reader = Reader {
            name: String::new(),
            user_name: String::new(),
            roles: Vec::new(),
        };
        for (n, shown, next) in [
            (0, 0, None),
            (PEOPLE_FOUND_MOST, PEOPLE_FOUND_MOST, None),
            (
                PEOPLE_FOUND_MOST + 1,
                PEOPLE_FOUND_MOST,
                Some("049@acorn.example".to_owned()),
            ),
        ] {
            let page = PeopleView::of(reader.clone(), Some(Search::default()), found(n));
            assert_eq!((page.found.len(), page.next), (shown, next), "{n}");
        }
    }
}
