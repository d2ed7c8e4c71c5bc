//! Terms and passwords in one spelling, and an index that finds the terms near a place quickly.

use crate::text::nfkc;
use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Characters of a banned term, once normalised (`domain.md` §9).
pub(super) const TERM_LENGTHS: RangeInclusive<usize> = 4..=16;

/// The one spelling in which passwords, terms and names are compared: NFKC, lower case, and four substitutions undone.
/// Composed again at the end, since a mark may follow an undone character. Wiped on drop.
pub fn normalised(text: &str) -> Zeroizing<String> {
    // Composition makes a character at most 11 times as long in UTF-8 (Unicode Annex 15), so that nothing is moved and left behind.
    let mut spelled = Zeroizing::new(String::with_capacity(text.len().saturating_mul(11)));
    spelled.extend(nfkc(nfkc(text.chars()).flat_map(char::to_lowercase).map(undone)));
    spelled
}

fn undone(character: char) -> char {
    match character {
        '0' => 'o',
        '1' => 'l',
        '$' => 's',
        '@' => 'a',
        other => other,
    }
}

/// Terms by their first two and by their last two characters. Of a stretch one edit away from a term, either both of
/// its first two or both of its last two characters are the term's, so that these two drawers hold every candidate.
#[derive(Debug, Default)]
pub(super) struct Terms {
    starting: HashMap<[char; 2], Vec<Arc<[char]>>>,
    ending: HashMap<[char; 2], Vec<Arc<[char]>>>,
}

impl Terms {
    /// Normalises and merges the words; those that are not of 4 to 16 characters then are left out.
    pub(super) fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut terms = Self::default();
        let mut known = HashSet::new();
        for word in words {
            let term: Arc<[char]> = normalised(word).chars().collect();
            if TERM_LENGTHS.contains(&term.len()) && known.insert(Arc::clone(&term)) {
                terms.file(&term);
            }
        }
        terms
    }

    /// Terms with the first two characters of this text.
    pub(super) fn starting(&self, text: &[char]) -> &[Arc<[char]>] {
        let [first, second, ..] = text else { return &[] };
        self.starting.get(&[*first, *second]).map_or(&[], Vec::as_slice)
    }

    /// Terms with the last two characters of this text.
    pub(super) fn ending(&self, text: &[char]) -> &[Arc<[char]>] {
        let [.., last_but_one, last] = text else { return &[] };
        self.ending.get(&[*last_but_one, *last]).map_or(&[], Vec::as_slice)
    }

    /// How many terms there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.starting.values().map(Vec::len).sum()
    }

    fn file(&mut self, term: &Arc<[char]>) {
        if let [first, second, .., last_but_one, last] = **term {
            self.starting.entry([first, second]).or_default().push(Arc::clone(term));
            self.ending
                .entry([last_but_one, last])
                .or_default()
                .push(Arc::clone(term));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_four_substitutions_are_undone() {
        assert_eq!(*normalised("C0NT0$O@1 !3457|"), "contosoal !3457|");
        assert_eq!(*normalised("ＰａｓｓＷＯＲＤ①"), "passwordl");
        assert_eq!(*normalised("0\u{308}l"), "öl");
    }

    #[test]
    fn terms_alike_are_one_and_wrong_lengths_none() {
        let terms = Terms::of(["Boat", "b0at", "BO@T", "sea", "seventeenletters!"]);
        assert_eq!(terms.len(), 1);
    }

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(text in "\\PC{0,40}|[0-9a-zA-Z$@\\u{300}-\\u{36f}]{0,20}") {
            let once = normalised(&text);
            prop_assert_eq!(&*normalised(&once), &*once);
        }

        #[test]
        fn normalising_never_outgrows_its_room(text in any::<String>()) {
            prop_assert!(normalised(&text).len() <= text.len() * 11);
        }
    }
}
