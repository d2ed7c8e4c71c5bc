//! What messages are about.

use crate::gate::MethodKind;
use serde::{Deserialize, Serialize};

/// What somebody is about to do, as messages to phones say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A password reset.
    Reset,
    /// Unlocking an account.
    Unlock,
    /// Registering this very number.
    Registration,
    /// A change of security info or of the password by somebody who is signed in.
    Change,
}

impl Subject {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Reset, Self::Unlock, Self::Registration, Self::Change];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Unlock => "unlock",
            Self::Registration => "registration",
            Self::Change => "change",
        }
    }
}

/// What became of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MethodChange {
    /// It was registered.
    Added,
    /// It was removed.
    Removed,
    /// Another one of its kind took its place.
    Replaced,
}

/// Where it was said that something was not its owner's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportedOn {
    /// On a phone that was asked.
    #[default]
    Phone,
    /// On the page that takes the reference of a message.
    Page,
}

/// What staff did to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StaffAct {
    /// They ended a block, a pause or a lock.
    Lifted,
    /// They removed a method.
    MethodRemoved {
        /// What kind of method.
        kind: MethodKind,
        /// Which one: masked. Empty where there is nothing to show.
        hint: String,
    },
    /// They removed all methods, which are to be registered anew.
    RegisterAgain,
    /// They gave a one-time pass.
    OneTimePass,
}
