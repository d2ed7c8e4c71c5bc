//! Which notices about an account a tenant may switch off (`domain.md` §12).
//!
//! Those that `security.md` binds are no settings: of an unlocking (R57), of a method (R53), of a block (R18), and all that
//! concern an administrator's account (R50).

use crate::account::Account;
use serde::{Deserialize, Serialize};

/// Which events are told to whom they concern, on every mailbox of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Notices {
    /// The password was changed by somebody who knew it.
    pub changes: bool,
    /// The reference of a message was typed at `/not-me`.
    pub vetoes: bool,
    /// A request to a phone was denied or reported there.
    pub denials: bool,
}

impl Default for Notices {
    fn default() -> Self {
        Self {
            changes: true,
            vetoes: true,
            denials: true,
        }
    }
}

/// An event of [`Notices`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// See [`Notices::changes`].
    Change,
    /// See [`Notices::vetoes`].
    Veto,
    /// See [`Notices::denials`].
    Denial,
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Change, Self::Veto, Self::Denial];

    /// The stable code of its switch.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Change => "notify_changes",
            Self::Veto => "notify_vetoes",
            Self::Denial => "notify_denials",
        }
    }
}

impl Notices {
    /// Whether an event is switched on.
    pub const fn are_on(&self, event: Event) -> bool {
        match event {
            Event::Change => self.changes,
            Event::Veto => self.vetoes,
            Event::Denial => self.denials,
        }
    }

    /// Switches an event on or off.
    pub const fn put(&mut self, event: Event, is_on: bool) {
        let switch = match event {
            Event::Change => &mut self.changes,
            Event::Veto => &mut self.vetoes,
            Event::Denial => &mut self.denials,
        };
        *switch = is_on;
    }

    /// Whether this person is told of it: administrators always are (R50).
    pub fn are_told(&self, event: Event, account: &Account) -> bool {
        account.is_admin() || self.are_on(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::Role;

    #[test]
    fn r50_what_is_switched_off_is_told_to_administrators_all_the_same() {
        let person = crate::testing::person();
        let admin = Account {
            roles: vec![Role::BrandOwner],
            ..person.clone()
        };
        for event in Event::ALL {
            let mut notices = Notices::default();
            assert!(notices.are_told(event, &person), "{event:?}");
            notices.put(event, false);
            assert!(
                !notices.are_told(event, &person) && notices.are_told(event, &admin),
                "{event:?}"
            );
            let others = Event::ALL.into_iter().filter(|other| *other != event);
            assert!(others.into_iter().all(|other| notices.are_on(other)), "{event:?}");
        }
    }
}
