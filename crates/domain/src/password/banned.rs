//! The global list of banned terms, and the verdict on a password that is mostly such terms. For the server only.

use super::PasswordPolicy;
use super::score::score;
use super::terms::{TERM_LENGTHS, Terms, normalised};
use crate::Refusal;
use zeroize::Zeroizing;

/// Fewer points are refused (`domain.md` §9).
const LEAST_POINTS: usize = 5;
/// A longer password cannot have too few points: a match is at most one character longer than a term.
const MOST_CHARACTERS: usize = (LEAST_POINTS - 1) * (*TERM_LENGTHS.end() + 1);

/// Terms that are banned for every tenant.
#[derive(Debug)]
pub struct BannedList(Terms);

impl BannedList {
    /// The list that comes with the program. Not in the browser: no list travels there.
    #[cfg(not(target_family = "wasm"))]
    pub fn shipped() -> &'static Self {
        static SHIPPED: std::sync::LazyLock<BannedList> = std::sync::LazyLock::new(|| BannedList::read(SHIPPED_FILE));
        &SHIPPED
    }

    /// A newer list in place of the shipped one, whose terms stay in any case.
    #[cfg(not(target_family = "wasm"))]
    pub fn replaced_by(file: &str) -> Self {
        Self(Terms::of(lines(SHIPPED_FILE).chain(lines(file))))
    }

    /// Reads a list: one term a line, lines with `#` are remarks. Terms not of 4 to 16 characters are left out.
    pub fn read(file: &str) -> Self {
        Self(Terms::of(lines(file)))
    }
}

#[cfg(not(target_family = "wasm"))]
const SHIPPED_FILE: &str = include_str!("banned.txt");

fn lines(file: &str) -> impl Iterator<Item = &str> {
    file.lines().map(str::trim).filter(|line| !line.starts_with('#'))
}

/// Refuses a password that is mostly banned terms; says of which list, never which.
pub(super) fn refusal(policy: &PasswordPolicy, global: &BannedList, text: &str) -> Option<Refusal> {
    let spelled = normalised(text);
    let n_characters = spelled.chars().count();
    if n_characters > MOST_CHARACTERS {
        return None;
    }
    let mut characters = Zeroizing::new(Vec::with_capacity(n_characters));
    characters.extend(spelled.chars());
    let score = score(&characters, &global.0, &policy.custom_terms());
    match (score.points() < LEAST_POINTS, score.has_custom()) {
        (false, _) => None,
        (true, true) => Some(Refusal::PwCustom),
        (true, false) => Some(Refusal::PwBanned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::Profile;

    #[test]
    fn the_shipped_list_is_long_and_clean() {
        let mut known = std::collections::HashSet::new();
        for term in lines(SHIPPED_FILE) {
            assert_eq!(*normalised(term), term, "{term} is not normalised");
            assert!(
                TERM_LENGTHS.contains(&term.chars().count()),
                "{term} has no usable length"
            );
            assert!(known.insert(term), "{term} is there twice");
        }
        assert!(known.len() >= 400, "{} terms", known.len());
        assert_eq!(BannedList::shipped().0.len(), known.len());
    }

    #[test]
    fn a_newer_list_adds_to_the_shipped_core() {
        let policy = PasswordPolicy::default();
        let newer = BannedList::replaced_by("# newer\nzeppelin\n");
        for typed in ["zeppelin99", "password99"] {
            assert_eq!(refusal(&policy, &newer, typed), Some(Refusal::PwBanned), "{typed}");
        }
        assert_eq!(refusal(&policy, BannedList::shipped(), "zeppelin99"), None);
    }

    #[test]
    fn the_shipped_list_stops_the_usual_and_lets_the_unusual_pass() {
        let check = |typed: &[&str], expected: Option<Refusal>| {
            for typed in typed {
                let found = refusal(&PasswordPolicy::default(), BannedList::shipped(), typed);
                assert_eq!(found, expected, "{typed}");
            }
        };
        check(
            &[
                "Password123!",
                "P@ssw0rd1234",
                "Qwertyuiop12",
                "Summer27!",
                "Willkommen1!",
                "iloveyou1234",
                "Passwort123!",
                "Motdepasse12",
                "Contrasena1!",
                "1q2w3e4r5t6y",
                "SummerDragon1!",
                "abcdefghijkl",
                "111111111111",
                "Bonjour1234!",
            ],
            Some(Refusal::PwBanned),
        );
        check(
            &[
                "correct horse battery",
                "tram-violet-spoon",
                "kX9!qT4#vB2?",
                "lampsockrivertulip",
                "Der Kater schläft im Flur",
                "una taza de manzanilla",
                "le hamac du voisin",
                "عصفور على غصن الزيتون",
                "Harb0ur!2027",
            ],
            None,
        );
    }

    #[test]
    fn terms_repeated_without_end_are_let_pass_by_their_length() {
        let policy = PasswordPolicy::default();
        assert_eq!(
            refusal(&policy, BannedList::shipped(), &"password".repeat(4)),
            Some(Refusal::PwBanned)
        );
        assert_eq!(refusal(&policy, BannedList::shipped(), &"password".repeat(5)), None);
    }

    #[test]
    fn the_longest_password_and_the_fullest_list_get_a_verdict() {
        let custom = (0..1000).map(|i| format!("ab{i}cdefgh")).collect();
        let policy = PasswordPolicy {
            profile: Profile::Modern,
            enforce_custom: true,
            custom,
            ..PasswordPolicy::default()
        };
        let longest = "ab7cdefgh".repeat(32);
        let densest: String = longest.chars().take(MOST_CHARACTERS).collect();
        for text in [longest, densest] {
            assert_eq!(refusal(&policy, BannedList::shipped(), &text), None, "{text}");
        }
    }
}
