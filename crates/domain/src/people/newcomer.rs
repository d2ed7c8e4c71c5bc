//! Accounts that are to be made: the fields of the form and of a file, and what is wrong with a line.

use super::Wrong;
use crate::locale::Language;
use crate::staff::Reader;
use serde::{Deserialize, Serialize};

/// A field of the form, and a column of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The user name.
    UserName,
    /// Given name.
    GivenName,
    /// Family name.
    FamilyName,
    /// The mailbox for notices.
    Mail,
    /// A mailbox outside of the organisation, for codes.
    AlternateMail,
    /// Mobile number.
    Mobile,
    /// Office number.
    Office,
    /// The language of messages.
    Language,
    /// Names of groups, one a line, in a file between semicolons.
    Groups,
}

impl Field {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 9] = [
        Self::UserName,
        Self::GivenName,
        Self::FamilyName,
        Self::Mail,
        Self::AlternateMail,
        Self::Mobile,
        Self::Office,
        Self::Language,
        Self::Groups,
    ];

    /// The stable code: the name of the field and of the column.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UserName => "user_name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Mail => "mail",
            Self::AlternateMail => "alternate_mail",
            Self::Mobile => "mobile",
            Self::Office => "office",
            Self::Language => "language",
            Self::Groups => "groups",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }
}

/// What was typed, field by field; a field that is not there is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(pub Vec<(Field, String)>);

impl Fields {
    /// The text of a field, without outer blanks.
    pub fn text(&self, field: Field) -> &str {
        let found = self.0.iter().find(|(other, _)| *other == field);
        found.map_or("", |(_, text)| text.trim())
    }

    /// The names of the groups.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        let names = self.text(Field::Groups).split(['\n', ';']);
        names.map(str::trim).filter(|name| !name.is_empty())
    }
}

/// The tags of the languages that messages come in.
pub fn languages() -> impl Iterator<Item = &'static str> {
    Language::ALL.into_iter().map(Language::tag)
}

/// The form that makes one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewcomerView {
    /// Who looks.
    pub reader: Reader,
    /// What was typed.
    pub fields: Fields,
    /// What is wrong with it.
    pub wrongs: Vec<(Field, Wrong)>,
}

/// A line of a file that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportLine {
    /// Its number, from 1.
    pub number: u32,
    /// The user name in it, as it stands there.
    pub user_name: String,
    /// What is wrong, field by field.
    pub wrongs: Vec<(Field, Wrong)>,
}

/// The page that makes accounts of a file: what it would do, before it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// Who looks.
    pub reader: Reader,
    /// Whether a file was posted.
    pub is_posted: bool,
    /// Its text, to be put right and posted again; empty where it is too long for that.
    pub text: String,
    /// Why the file as a whole cannot be read.
    pub refusal: Option<Wrong>,
    /// Columns that are not known, and so are not read.
    pub unknown: Vec<String>,
    /// How many accounts it would make.
    pub n_new: u32,
    /// How many lines name accounts that are there already: these stay as they are.
    pub n_known: u32,
    /// How many lines cannot be taken: nothing is made before they are put right, or left out.
    pub n_wrong: u32,
    /// The first of those, at most 100.
    pub wrong: Vec<ImportLine>,
    /// Names what was seen: saving takes nothing else.
    pub seen: Option<String>,
    /// How many accounts the last post has made.
    pub made: Option<u32>,
}
