//! «This was not me»: references that stop what a message reported, and what the page shows that takes them.

use crate::brand::HelpLink;
use crate::gate::plain_digits;
use crate::text::nfkc;
use crate::{Refusal, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Crockford's base 32: no two of them look alike, since O is read as 0, and I and L as 1.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a reference: 50 bits.
const LENGTH: usize = 10;
/// Longest text that is read as one.
const TYPED_MOST: usize = 64;

/// What the reader of a message types to stop what it reported. It can start nothing, but stops all of an account's
/// self-service, so it is kept like a code: wiped on drop, never printed, serialised only to be sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// The reference of so much chance; each is as likely as any other.
    pub fn new(chance: [u8; LENGTH]) -> Self {
        let letter = |byte: u8| LETTERS.get(usize::from(byte) % LETTERS.len());
        let letters = chance.into_iter().filter_map(letter);
        Self(letters.map(|letter| char::from(*letter)).collect())
    }

    /// Reads what was typed: in capitals or not, with blanks and hyphens or without, in any script's digits, and with the
    /// punctuation that stood around it. Nothing if it cannot be one.
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.chars().count() > TYPED_MOST {
            return None;
        }
        let plain = Zeroizing::new(plain_digits(typed));
        let said = nfkc(plain.chars()).filter(|c| c.is_alphanumeric());
        let letters = said.map(letter_of).collect::<Option<String>>()?;
        (letters.len() == LENGTH).then_some(Self(letters))
    }

    /// As it is compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As messages show it: `K7QM2-XWD3H`.
    pub fn shown(&self) -> String {
        let (first, second) = self.0.split_at_checked(LENGTH / 2).unwrap_or((&self.0, ""));
        format!("{first}-{second}")
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reference(…)")
    }
}

/// The letter that a character is taken for.
fn letter_of(c: char) -> Option<char> {
    let letter = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let is_one = u8::try_from(letter).is_ok_and(|byte| LETTERS.contains(&byte));
    is_one.then_some(letter)
}

/// What a right reference has led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Until when resets of the account rest; nothing if they go on by now, since the helpdesk has said so.
    pub until: Option<Timestamp>,
}

/// What `/not-me` draws. It never says whose account it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotMeScreen {
    /// Asks for the reference.
    Form {
        /// Why the last one was refused.
        refusal: Option<Refusal>,
    },
    /// It is stopped, now or before.
    Stopped {
        /// How far.
        stop: Stop,
        /// Where the helpdesk is, if the tenant says.
        help: Option<HelpLink>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_reference_is_read_however_it_was_typed() {
        for (typed, expect) in [
            ("K7QM2-XWD3H", Some("K7QM2XWD3H")),
            ("k7qm2 xwd3h", Some("K7QM2XWD3H")),
            (" k7q m2\u{2013}xwd\t3h. ", Some("K7QM2XWD3H")),
            ("\u{2068}K7QM2-XWD3H\u{2069}", Some("K7QM2XWD3H")),
            ("\u{200e}K7QM2\u{ad}XWD3H:", Some("K7QM2XWD3H")),
            ("Ｋ７ＱＭ２－ＸＷＤ３Ｈ", Some("K7QM2XWD3H")),
            ("K٧QM٢-XWD٣H", Some("K7QM2XWD3H")),
            ("O0oIi1lL-ab", Some("00011111AB")),
            ("", None),
            ("K7QM2-XWD3", None),
            ("K7QM2-XWD3HK", None),
            ("K7QM2-XWD3U", None),
            ("K7QM2-XWD3Й", None),
            ("K7QM-2XWD", None),
        ] {
            let read = Reference::parse(typed);
            assert_eq!(read.as_ref().map(Reference::as_str), expect, "{typed}");
        }
        assert!(Reference::parse(&format!("K7QM2-XWD3H{}", " ".repeat(TYPED_MOST))).is_none());
    }

    #[test]
    fn a_reference_is_never_printed_but_survives_its_row() {
        let reference = Reference::new(*b"0123456789");
        assert!(!format!("{reference:?}").contains(reference.as_str()));
        let row = serde_json::to_string(&reference).unwrap();
        assert_eq!(serde_json::from_str::<Reference>(&row).unwrap(), reference);
    }

    #[test]
    fn each_letter_is_as_likely_as_any_other() {
        let mut counts = std::collections::BTreeMap::<char, u32>::new();
        for byte in 0..=u8::MAX {
            for letter in Reference::new([byte; LENGTH]).as_str().chars() {
                *counts.entry(letter).or_default() += 1;
            }
        }
        assert_eq!(counts.len(), LETTERS.len());
        assert!(counts.values().all(|n| *n == 80), "{counts:?}");
    }

    proptest! {
        #[test]
        fn what_a_message_shows_is_read_back(chance: [u8; LENGTH], is_small: bool) {
            let reference = Reference::new(chance);
            let shown = reference.shown();
            prop_assert_eq!(shown.len(), LENGTH + 1);
            let typed = if is_small { shown.to_lowercase() } else { shown };
            prop_assert_eq!(Reference::parse(&typed), Some(reference));
        }

        #[test]
        fn no_text_is_too_odd_to_be_read(typed: String) {
            if let Some(read) = Reference::parse(&typed) {
                prop_assert_eq!(Reference::parse(&read.shown()), Some(read));
            }
        }
    }
}
