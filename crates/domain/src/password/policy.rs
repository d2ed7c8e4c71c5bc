//! A tenant's password policy: the profile, the lengths and the organisation's own banned terms.

use super::terms::{TERM_LENGTHS, Terms, normalised};
use super::{Names, Shown};
use crate::account::Account;
use crate::policy::{Edition, Feature};
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::time::Duration;

/// Most terms on an organisation's own list (`domain.md` §9).
const MOST_TERMS: u32 = 1000;
/// What a tenant may choose as the least length (`domain.md` §7).
pub const LEAST_LENGTHS: RangeInclusive<u32> = 8..=64;
/// Least length for built-in administrators (`domain.md` §7).
const ADMINISTRATORS_LEAST: u32 = 15;
/// Former passwords that are remembered (`domain.md` §7): each costs a hash whenever a new one is compared.
pub const REMEMBERED: RangeInclusive<u32> = 0..=24;
/// Age, in hours, that a password may have to reach before its owner changes it again: up to 30 days. R27.
pub const AGE_HOURS: RangeInclusive<u32> = 0..=30 * 24;
/// Days after which a password may have to be changed (`domain.md` §7).
pub const EXPIRY_DAYS: RangeInclusive<u32> = 1..=730;

/// What the tenant asks of a new password. R27.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordPolicy {
    /// Which set of rules.
    pub profile: Profile,
    /// Least length in code points, 8–64, as the tenant chose it; the profile's own where it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<u32>,
    /// Greatest length in code points, at most 256.
    pub most: u32,
    /// Whether the `entra` profile takes any Unicode character instead of its own list of characters.
    pub unicode: bool,
    /// Whether the organisation's own list counts.
    pub enforce_custom: bool,
    /// The organisation's own list, as accepted by [`PasswordPolicy::terms_accepted`].
    pub custom: Vec<String>,
    /// Former passwords that are remembered, and refused beside the present one: 0–24, and 0 lets any come again.
    pub history: u32,
    /// Hours that have to pass before its owner may change a password again, at most 30 days; 0 lets it be at once. A reset
    /// never waits: whoever gets back into their account must be able to.
    pub least_age_hours: u32,
    /// Days after which a password has to be changed at sign-in, 1–730; nothing: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_days: Option<u32>,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            profile: Profile::Modern,
            least: None,
            most: 256,
            unicode: false,
            enforce_custom: false,
            custom: Vec::new(),
            history: 0,
            least_age_hours: 0,
            expiry_days: None,
        }
    }
}

impl PasswordPolicy {
    /// The organisation's list as typed, one term a line: trimmed, empty lines left out, and of terms that are alike
    /// once normalised only the first.
    pub fn terms_accepted(lines: &str) -> Result<Vec<String>, TermsRefused> {
        let mut known = HashSet::new();
        let mut terms = Vec::new();
        for (number, line) in (1..).zip(lines.lines().map(str::trim)) {
            if line.is_empty() {
                continue;
            }
            let term = normalised(line);
            if !TERM_LENGTHS.contains(&term.chars().count()) {
                return Err(TermsRefused::Length { line: number });
            }
            if known.insert(String::clone(&term)) {
                terms.push(line.to_owned());
            }
        }
        if terms.len() > MOST_TERMS as usize {
            return Err(TermsRefused::TooMany { most: MOST_TERMS });
        }
        Ok(terms)
    }

    /// The policy as it holds for somebody.
    pub fn of(account: Option<&Account>, settings: &TenantSettings) -> Self {
        let has_terms = Edition::of(account, settings).may(Feature::CustomTerms);
        let set = Self {
            enforce_custom: settings.password.enforce_custom && has_terms,
            ..settings.password.clone()
        };
        match account {
            Some(account) if account.is_admin() => set.for_administrators(),
            _ => set,
        }
    }

    /// How old a password has to be before its owner changes it again: never more than 30 days, whatever is set.
    pub fn least_age(&self) -> Duration {
        Duration::from_hours(u64::from(self.least_age_hours.min(*AGE_HOURS.end())))
    }

    /// How old a password may get: 1 to 730 days, whatever is set; nothing: as old as it likes.
    pub fn most_age(&self) -> Option<Duration> {
        let days = self.expiry_days?.clamp(*EXPIRY_DAYS.start(), *EXPIRY_DAYS.end());
        Some(Duration::from_hours(24 * u64::from(days)))
    }

    /// Whether there are terms of the organisation's own that do not count.
    pub fn are_terms_idle(&self) -> bool {
        !self.enforce_custom && !self.custom.is_empty()
    }

    /// The same policy as it holds for built-in administrators: at least 15 characters.
    #[must_use]
    pub fn for_administrators(&self) -> Self {
        Self {
            least: Some(self.least().max(ADMINISTRATORS_LEAST)),
            ..self.clone()
        }
    }

    /// The least length that holds: never below 8 nor above 64, whatever is stored.
    pub fn least(&self) -> u32 {
        let chosen = self.least.unwrap_or(self.profile.least());
        chosen.clamp(*LEAST_LENGTHS.start(), *LEAST_LENGTHS.end())
    }

    /// Which characters may be in it.
    pub(super) fn alphabet(&self) -> Alphabet {
        match self.profile {
            Profile::Entra if !self.unicode => Alphabet::Listed,
            Profile::Entra | Profile::Modern => Alphabet::Any,
        }
    }

    /// How many former passwords are remembered: never more than 24, whatever is set.
    pub fn n_remembered(&self) -> u32 {
        self.history.min(*REMEMBERED.end())
    }

    /// What the page needs to tick the rules; without the lists, which never leave the server.
    pub fn shown(&self, names: Names) -> Shown {
        Shown {
            profile: self.profile,
            least: self.least(),
            most: self.most,
            alphabet: self.alphabet(),
            history: self.n_remembered(),
            names,
        }
    }

    /// The organisation's own terms, if they count.
    pub(super) fn custom_terms(&self) -> Terms {
        let counting = if self.enforce_custom {
            self.custom.as_slice()
        } else {
            &[]
        };
        Terms::of(counting.iter().map(String::as_str))
    }
}

/// Which set of rules a password follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Any Unicode, no classes: SP 800-63B-4.
    #[default]
    Modern,
    /// Three of four classes, and printable ASCII unless the tenant takes Unicode.
    Entra,
}

impl Profile {
    /// The least length where the tenant chose none (`domain.md` §7).
    fn least(self) -> u32 {
        match self {
            Self::Modern => 12,
            Self::Entra => 8,
        }
    }
}

/// Which characters a password may be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alphabet {
    /// Any character that is none of control.
    Any,
    /// Printable ASCII, which is the published list of `entra`.
    Listed,
}

/// Why an organisation's list of terms is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum TermsRefused {
    /// A term is not of 4 to 16 characters.
    Length {
        /// Its line, counted from 1.
        line: u32,
    },
    /// More terms than the list takes.
    TooMany {
        /// How many it takes.
        most: u32,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_terms_are_merged_and_the_first_spelling_stays() {
        let terms = PasswordPolicy::terms_accepted("Contoso\n\n  c0nt0so \r\nHarbour\nCONTO$O");
        assert_eq!(terms, Ok(vec!["Contoso".to_owned(), "Harbour".to_owned()]));
    }

    #[test]
    fn a_term_has_4_to_16_characters() {
        assert!(PasswordPolicy::terms_accepted("four").is_ok());
        assert!(PasswordPolicy::terms_accepted("sixteencharacter").is_ok());
        assert_eq!(
            PasswordPolicy::terms_accepted("four\nsix"),
            Err(TermsRefused::Length { line: 2 })
        );
        assert_eq!(
            PasswordPolicy::terms_accepted("seventeenletters!"),
            Err(TermsRefused::Length { line: 1 })
        );
    }

    #[test]
    fn a_thousand_terms_are_taken_and_one_more_is_not() {
        let lines = |n: usize| (0..n).map(|i| format!("term{i}x")).collect::<Vec<_>>().join("\n");
        assert_eq!(
            PasswordPolicy::terms_accepted(&lines(1000)).map(|terms| terms.len()),
            Ok(1000)
        );
        assert_eq!(
            PasswordPolicy::terms_accepted(&lines(1001)),
            Err(TermsRefused::TooMany { most: 1000 })
        );
    }

    #[test]
    fn r27_history_is_off_until_it_is_set_and_never_longer_than_24() {
        let stored = r#"{"profile":"modern","least":8,"most":256,"enforce_custom":false,"custom":[]}"#;
        let of_old: PasswordPolicy = serde_json::from_str(stored).expect("a policy from before there was a history");
        assert_eq!((of_old.least(), of_old.n_remembered()), (8, 0));
        for (history, expected) in [(0, 0), (1, 1), (24, 24), (25, 24), (u32::MAX, 24)] {
            let policy = PasswordPolicy {
                history,
                ..PasswordPolicy::default()
            };
            assert_eq!(policy.n_remembered(), expected, "{history}");
            assert_eq!(policy.shown(Names::default()).history, expected, "{history}");
        }
    }

    #[test]
    fn administrators_need_fifteen() {
        let policy = PasswordPolicy::default();
        assert_eq!(policy.for_administrators().least(), 15);
        let strict = PasswordPolicy {
            least: Some(20),
            ..policy
        };
        assert_eq!(strict.for_administrators().least(), 20);
    }

    #[test]
    fn the_least_length_is_the_profiles_own_until_it_is_chosen_and_stays_in_its_range() {
        let least = |profile, least| {
            let policy = PasswordPolicy {
                profile,
                least,
                ..PasswordPolicy::default()
            };
            policy.least()
        };
        assert_eq!(least(Profile::Modern, None), 12);
        assert_eq!(least(Profile::Entra, None), 8);
        for (chosen, holds) in [(0, 8), (7, 8), (8, 8), (9, 9), (64, 64), (65, 64), (u32::MAX, 64)] {
            assert_eq!(least(Profile::Modern, Some(chosen)), holds, "{chosen}");
            assert_eq!(least(Profile::Entra, Some(chosen)), holds, "{chosen}");
        }
    }
}
