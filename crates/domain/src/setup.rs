//! Setting Regain up while there is no organisation yet: what is asked for, page by page, and what is wrong with it.

mod rollout;

pub use rollout::{Facts, Finding, Proof, Rollout, RolloutStep, RolloutView, findings};

use crate::Refusal;
use crate::gate::email;
use crate::password;
use crate::people::{Field, Wrong};
use crate::registration::AppKey;
use serde::{Deserialize, Serialize};

/// The pages of the set-up behind its key, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetupStep {
    /// The organisation, and where its pages are.
    Organisation,
    /// The first global administrator.
    Admin,
    /// Their authenticator app.
    App,
    /// A person to try everything with, and the group that the pilot begins with.
    People,
    /// All of it, to be looked at once more.
    Review,
}

impl SetupStep {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Organisation, Self::Admin, Self::App, Self::People, Self::Review];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Admin => "admin",
            Self::App => "app",
            Self::People => "people",
            Self::Review => "review",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }

    /// Its number, from 1.
    pub fn number(self) -> u32 {
        Self::ALL
            .into_iter()
            .zip(1..)
            .find(|(step, _)| *step == self)
            .map_or(1, |(_, number)| number)
    }
}

/// A field of one of its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetupField {
    /// The key from the server's console.
    Key,
    /// The organisation's name.
    Name,
    /// Where its pages are.
    Address,
    /// Domains of its user names.
    Domains,
    /// Something of a person.
    Person(Field),
    /// A password.
    NewPassword,
    /// The same again.
    ConfirmPassword,
    /// The code of the authenticator app.
    Code,
    /// The name of the pilot's group.
    Group,
}

impl SetupField {
    /// The name of the field.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Name => "name",
            Self::Address => "address",
            Self::Domains => "domains",
            Self::Person(field) => field.code(),
            Self::NewPassword => "new_password",
            Self::ConfirmPassword => "confirm_password",
            Self::Code => "code",
            Self::Group => "group",
        }
    }
}

/// Why a field is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetupWrong {
    /// As for an account that staff make.
    Field(Wrong),
    /// As for a person who resets.
    Refused(Refusal),
    /// Not the key that the server shows.
    KeyUnknown,
    /// Another browser has used the key.
    KeyUsed,
    /// Not the code that the app shows now.
    CodeWrong,
    /// Not `https://` and a host alone.
    AddressForm,
    /// Not the form of a domain.
    DomainForm,
}

impl SetupWrong {
    /// The stable code, as on the page.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Field(wrong) => wrong.code(),
            Self::Refused(refusal) => refusal.code(),
            Self::KeyUnknown => "key-unknown",
            Self::KeyUsed => "key-used",
            Self::CodeWrong => "code-wrong",
            Self::AddressForm => "address-form",
            Self::DomainForm => "domain-form",
        }
    }
}

/// What is wrong, field by field.
pub type SetupWrongs = Vec<(SetupField, SetupWrong)>;

/// What `/setup` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetupScreen {
    /// There is an organisation: nothing is left to do here.
    Over {
        /// Where its pages are, right after it was made.
        address: Option<String>,
    },
    /// Asks for the key.
    Key {
        /// Why the last one was not taken.
        wrong: Option<SetupWrong>,
    },
    /// A page behind it.
    Page(Box<SetupPage>),
}

/// A page behind the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupPage {
    /// Which one.
    pub step: SetupStep,
    /// What was typed; never a password, key or code.
    pub typed: Vec<(SetupField, String)>,
    /// What is wrong with it.
    pub wrongs: SetupWrongs,
    /// What a new password has to be like, where one is asked for.
    pub rules: Option<password::Shown>,
    /// The app's secret, on its page.
    pub app: Option<AppKey>,
    /// All that was said, on the last page.
    pub summary: Option<Summary>,
}

impl SetupPage {
    /// What stands in a field.
    pub fn text(&self, field: SetupField) -> &str {
        let found = self.typed.iter().find(|(other, _)| *other == field);
        found.map_or("", |(_, text)| text)
    }

    /// Why a field was not taken.
    pub fn wrong(&self, field: SetupField) -> Option<&SetupWrong> {
        let found = self.wrongs.iter().find(|(other, _)| *other == field);
        found.map(|(_, wrong)| wrong)
    }
}

/// What is about to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The organisation's name.
    pub name: String,
    /// Where its pages will be, and no more anywhere else.
    pub address: String,
    /// Domains of its user names.
    pub domains: Vec<String>,
    /// The global administrator's user name.
    pub admin: String,
    /// The mailbox that takes their codes.
    pub admin_mail: String,
    /// The test user's name.
    pub person: String,
    /// The pilot's group.
    pub group: String,
}

/// The domains that were typed, apart by blanks, commas or lines: in small letters, each once.
pub fn domains(typed: &str) -> Result<Vec<String>, SetupWrong> {
    let parts = typed.split([',', ';', ' ', '\n', '\r', '\t']).map(str::trim);
    let mut domains: Vec<String> = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        let domain = part.trim_start_matches('@').to_lowercase();
        if !is_domain(&domain) {
            return Err(SetupWrong::DomainForm);
        }
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    match domains.is_empty() {
        true => Err(SetupWrong::Field(Wrong::Missing)),
        false => Ok(domains),
    }
}

/// What may stand behind the `@` of a user name, with a dot in it.
fn is_domain(text: &str) -> bool {
    text.contains('.') && email::is_form(&format!("a@{text}"))
}

/// A short name for commands: what of the first label of a domain may stand in one.
pub fn slug(domain: &str) -> String {
    let label = domain.split('.').next().unwrap_or_default();
    let is_fit = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-';
    let fit: String = label.chars().filter(is_fit).collect();
    match fit.is_empty() {
        true => "organisation".to_owned(),
        false => fit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted_and_read_back() {
        let numbers: Vec<u32> = SetupStep::ALL.into_iter().map(SetupStep::number).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
        for step in SetupStep::ALL {
            assert_eq!(SetupStep::of_code(step.code()), Some(step));
        }
    }

    #[test]
    fn domains_are_read_as_people_write_them() {
        let read = |typed: &str| domains(typed).map_err(|wrong| wrong.code());
        let two = vec!["acorn.example".to_owned(), "oak.example".to_owned()];
        assert_eq!(read(" @Acorn.Example, oak.example\nacorn.example "), Ok(two));
        assert_eq!(read("  "), Err("missing"));
        for odd in ["acorn", "acorn..example", "a b@c.example", "-.example/"] {
            assert_eq!(read(odd), Err("domain-form"), "{odd}");
        }
    }

    #[test]
    fn a_short_name_is_fit_for_a_command() {
        assert_eq!(slug("acorn.example"), "acorn");
        assert_eq!(slug("münchen-1.example"), "mnchen-1");
        assert_eq!(slug("日本.example"), "organisation");
    }
}
