//! Advice while typing: how hard a password looks to guess. It refuses nothing and knows no lists.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Where neighbours are a walk of the fingers.
const ROWS: [&str; 5] = ["qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm"];
/// The longest piece that is looked for again right behind itself.
const LONGEST_PIECE: usize = 8;

/// How hard a password looks to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// A moment's work.
    Weak,
    /// Better than most.
    Fair,
    /// Fine.
    Good,
    /// Out of reach.
    Strong,
}

/// A cheap estimate from length, kinds of characters, repetition and runs. Typing on never lowers it.
pub fn strength(typed: &str) -> Strength {
    let n_characters = typed.chars().count();
    match (n_characters, bits(typed)) {
        (..8, _) | (_, ..36) => Strength::Weak,
        (..12, _) | (_, ..52) => Strength::Fair,
        (..16, _) | (_, ..76) => Strength::Good,
        _ => Strength::Strong,
    }
}

/// Whole bits: a new character is worth those of all kinds in use, a known one three quarters of them, a foreseeable
/// one a quarter of a bit.
fn bits(typed: &str) -> u32 {
    let bits_each = kinds(typed).checked_ilog2().unwrap_or(0);
    let mut before = Zeroizing::new(Vec::with_capacity(typed.len()));
    let mut quarters: u32 = 0;
    for character in typed.chars() {
        quarters += if is_foreseeable(&before, character) {
            1
        } else if before.contains(&character) {
            3 * bits_each
        } else {
            4 * bits_each
        };
        before.push(character);
    }
    quarters / 4
}

/// How many characters are of a kind, and which.
type Kind = (u32, fn(char) -> bool);

/// How many characters there are of the kinds in use.
fn kinds(typed: &str) -> u32 {
    let kinds: [Kind; 5] = [
        (26, |c| c.is_ascii_lowercase()),
        (26, |c| c.is_ascii_uppercase()),
        (10, |c| c.is_ascii_digit()),
        (33, |c| c.is_ascii() && !c.is_ascii_alphanumeric()),
        (128, |c| !c.is_ascii()),
    ];
    let used = kinds.iter().filter(|(_, is_of)| typed.chars().any(is_of));
    used.map(|(size, _)| size).sum()
}

/// Whether the next one goes on with a run (`aaa`, `abc`, `321`, `qwe`) or says a piece again (`abcabc`).
fn is_foreseeable(before: &[char], next: char) -> bool {
    let [.., last] = before else { return false };
    let is_run = step(*last, next).is_some_and(|step| step.abs() <= 1);
    let says_again = |length: usize| {
        let former = before.len().checked_sub(length).and_then(|place| before.get(..=place));
        matches!(former, Some([.., one, other]) if one == last && *other == next)
    };
    is_run || (2..=LONGEST_PIECE).any(says_again)
}

/// How far the second is from the first, by code or on a row of the keyboard.
fn step(first: char, second: char) -> Option<i64> {
    let (first, second) = (first.to_ascii_lowercase(), second.to_ascii_lowercase());
    let by_code = i64::from(u32::from(second)) - i64::from(u32::from(first));
    if by_code.abs() <= 1 {
        return Some(by_code);
    }
    let place = |row: &str, character| row.find(character).and_then(|place| i64::try_from(place).ok());
    let steps = ROWS
        .iter()
        .filter_map(|row| Some(place(row, second)? - place(row, first)?));
    steps.min_by_key(|step| step.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_looks_easy_is_told_from_what_looks_hard() {
        let check = |expected, typed: &[&str]| {
            for typed in typed {
                assert_eq!(strength(typed), expected, "{typed}");
            }
        };
        check(
            Strength::Weak,
            &[
                "",
                "a",
                "kX9!q",
                "aaaaaaaaaaaaaaaa",
                "12345678901234567890",
                "abcdefghijklmnop",
            ],
        );
        check(
            Strength::Weak,
            &["qwertzuiopasdfgh", "abcabcabcabcabcabc", "hello1hello1hello1"],
        );
        check(Strength::Fair, &["kX9!qT4#", "Rain-Over9", "harbourlight"]);
        check(Strength::Good, &["kX9!qT4#vB2?m", "lamp river sock"]);
        check(
            Strength::Strong,
            &[
                "lamp river sock tulip onward",
                "kX9!qT4#vB2?mZ7&wL",
                "Übermäßig große Äpfel",
            ],
        );
    }

    proptest! {
        #[test]
        fn typing_on_never_lowers_it(typed in "\\PC{0,30}|[a-d1-4]{0,30}", more in any::<char>()) {
            let longer = format!("{typed}{more}");
            prop_assert!(strength(&longer) >= strength(&typed));
        }

        #[test]
        fn saying_it_all_in_one_character_stays_weak(character in any::<char>(), times in 0_usize..40) {
            prop_assert_eq!(strength(&character.to_string().repeat(times)), Strength::Weak);
        }
    }
}
