//! What is wrong with what staff typed about people and groups.

use serde::{Deserialize, Serialize};

/// Why it is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Wrong {
    /// Nothing was typed.
    Missing,
    /// Longer than it may be.
    TooLong {
        /// In characters.
        most: u32,
    },
    /// Not the form of a user name.
    NameForm,
    /// There is an account, or a group, of this name.
    Taken,
    /// An earlier line of the file has it.
    Twice,
    /// Characters that a name does not have.
    Characters,
    /// Not the form of a mail address.
    MailForm,
    /// A mailbox of the organisation's own takes no codes (R53).
    MailOwn,
    /// Not the form of a number.
    NumberForm,
    /// A number of a country that is not served (R14).
    NumberCountry,
    /// A kind of number that is not taken (R14).
    NumberUnfit,
    /// As many accounts have it as may (R53).
    Shared,
    /// Messages do not come in this language.
    LanguageUnknown,
    /// There is no such account.
    PersonUnknown,
    /// There is no group of this name.
    GroupUnknown {
        /// The name.
        name: String,
    },
    /// A group would come to be within itself.
    Circle,
    /// The policy names the group.
    GroupNamed,
    /// Not a fingerprint: 64 hexadecimal digits.
    Fingerprint,
    /// As many as there may be.
    Enough {
        /// So many are.
        most: u32,
    },
    /// The file has no column for user names.
    NoNames,
    /// The file has no lines but its head.
    NoLines,
    /// The file has more lines than are taken at once.
    TooManyLines {
        /// So many are.
        most: u32,
    },
    /// A line has more fields than there are columns, or a quote does not end.
    LineForm {
        /// The number of the line, from 1.
        line: u32,
    },
}

impl Wrong {
    /// The stable code, as on pages (`data-refusal`).
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong { .. } => "too-long",
            Self::NameForm => "name-form",
            Self::Taken => "taken",
            Self::Twice => "twice",
            Self::Characters => "characters",
            Self::MailForm => "mail-form",
            Self::MailOwn => "mail-own",
            Self::NumberForm => "number-form",
            Self::NumberCountry => "number-country",
            Self::NumberUnfit => "number-unfit",
            Self::Shared => "shared",
            Self::LanguageUnknown => "language-unknown",
            Self::PersonUnknown => "person-unknown",
            Self::GroupUnknown { .. } => "group-unknown",
            Self::Circle => "circle",
            Self::GroupNamed => "group-named",
            Self::Fingerprint => "fingerprint",
            Self::Enough { .. } => "enough",
            Self::NoNames => "no-names",
            Self::NoLines => "no-lines",
            Self::TooManyLines { .. } => "too-many-lines",
            Self::LineForm { .. } => "line-form",
        }
    }
}
