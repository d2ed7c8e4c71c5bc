//! The names that a password may not hold: the person's and the organisation's.

use super::terms::normalised;
use crate::account::Account;
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};

/// Shorter names are not looked for (`domain.md` §9).
const LEAST: usize = 4;

/// Names of a person and of the organisation, normalised. They travel to the page, which ticks them while typing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Names(Vec<String>);

impl Names {
    /// From given, family and display name, the user ID's local part and the tenant's name, in any order. Names of
    /// several words are split; words of less than four characters are left out.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names: Vec<String> = Vec::new();
        for word in words {
            let parts = normalised(word);
            let long = parts.split_whitespace().filter(|part| part.chars().count() >= LEAST);
            names.extend(long.map(str::to_owned));
        }
        names.sort();
        names.dedup();
        Self(names)
    }

    /// Those of an account, as far as there is one, and of its organisation.
    pub fn of(account: Option<&Account>, settings: &TenantSettings) -> Self {
        let person = account.map(|account| {
            [
                account.given_name.as_str(),
                account.family_name.as_str(),
                account.user_name.local_part(),
            ]
        });
        Self::new(person.into_iter().flatten().chain([settings.brand.name.as_str()]))
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of the names is anywhere in the text.
    pub fn are_in(&self, text: &str) -> bool {
        let text = normalised(text);
        self.0.iter().any(|name| text.contains(name.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_are_split_and_short_words_left_out() {
        let names = Names::new(["Ada", "Lovelace", "Ada  King\u{a0}Lovelace", "ada.l", "Contoso Ltd"]);
        assert_eq!(names.0, ["ada.l", "contoso", "king", "lovelace"]);
    }

    #[test]
    fn a_name_is_found_in_any_case_and_spelling() {
        let names = Names::new(["Poll", "Müller"]);
        for text in ["p0LL23fb", "xx-P011", "MU\u{308}LLER9"] {
            assert!(names.are_in(text), "{text}");
        }
        for text in ["pol223fb", "Muller9", ""] {
            assert!(!names.are_in(text), "{text}");
        }
    }

    #[test]
    fn no_names_are_in_nothing() {
        assert!(Names::new(["", "Ann", "   "]).is_empty());
        assert!(!Names::default().are_in("anything at all"));
    }
}
