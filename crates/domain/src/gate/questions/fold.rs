//! The one spelling in which answers are hashed, and answers, questions and names compared. R16.

use crate::brand::is_hidden;
use crate::gate::decimal_value;
use crate::text::nfkc;
use std::iter;
use zeroize::Zeroizing;

/// NFKC, small letters, digits as ASCII, punctuation dropped, one space between words and none outside; accents stay.
/// Wiped on drop. Stored hashes hang on this spelling: whoever changes it makes answers wrong that were right.
pub(super) fn folded(text: &str) -> Zeroizing<String> {
    // Composition makes a character at most 11 times as long in UTF-8 (Unicode Annex 15), so that nothing is moved and left behind.
    let mut spelled = Zeroizing::new(String::with_capacity(text.len().saturating_mul(11)));
    // Dropped before composing, where an accent without its letter becomes a space and a mark, and after it, where
    // variants have become the common marks. Composed again at the end, since a mark may have moved to another letter.
    let kept = nfkc(text.chars().filter(|c| !is_dropped(*c))).filter(|c| !is_dropped(*c));
    spelled.extend(nfkc(kept.map(dotted).flat_map(char::to_lowercase).flat_map(plain)));
    let mut folded = Zeroizing::new(String::with_capacity(spelled.len()));
    for word in spelled.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Whether a folded answer is in a text, or made of its words alone, in whatever order. Spaces do not count.
pub(super) fn is_within(answer: &str, text: &str) -> bool {
    let text = folded(text);
    let words: Vec<&str> = text.split(' ').collect();
    joined(&text).contains(joined(answer).as_str()) || answer.split(' ').all(|word| words.contains(&word))
}

fn joined(folded: &str) -> Zeroizing<String> {
    let mut joined = Zeroizing::new(String::with_capacity(folded.len()));
    joined.extend(folded.split(' '));
    joined
}

/// The four i of Turkish as one: a keyboard of another language lacks two of them.
fn dotted(c: char) -> char {
    match c {
        'İ' | 'ı' => 'i',
        other => other,
    }
}

/// What lower case leaves different: ß is ss, as in capitals; the sigma at the end of a word is a sigma.
fn plain(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'ß' => ('s', Some('s')),
        'ς' => ('σ', None),
        other => (decimal_value(other).unwrap_or(other), None),
    };
    iter::once(first).chain(second)
}

/// Punctuation and what cannot be seen. White space stays, it parts words.
fn is_dropped(c: char) -> bool {
    let is_unseen = is_hidden(c) || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{640}');
    !c.is_whitespace() && (is_unseen || !c.is_alphanumeric() && is_punctuation(c))
}

/// Punctuation of the scripts in daily use, with the signs and the accents without letters that stand between it.
fn is_punctuation(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{a1}'..='\u{bf}' | '\u{2d8}'..='\u{2dd}' | '\u{384}' | '\u{385}'
        // Armenian, Hebrew, Arabic, Syriac, N'Ko
        | '\u{55a}'..='\u{55f}' | '\u{589}' | '\u{58a}' | '\u{5be}' | '\u{5c0}' | '\u{5c3}' | '\u{5c6}' | '\u{5f3}'
        | '\u{5f4}' | '\u{609}'..='\u{60d}' | '\u{61b}'..='\u{61f}' | '\u{66a}'..='\u{66d}' | '\u{6d4}'
        | '\u{700}'..='\u{70d}' | '\u{7f7}'..='\u{7f9}'
        // of India, Thai, Tibetan, Myanmar, Georgian, Ethiopic, Khmer, Mongolian
        | '\u{964}' | '\u{965}' | '\u{970}' | '\u{df4}' | '\u{e4f}' | '\u{e5a}' | '\u{e5b}' | '\u{f04}'..='\u{f14}'
        | '\u{f3a}'..='\u{f3d}' | '\u{104a}'..='\u{104f}' | '\u{10fb}' | '\u{1360}'..='\u{1368}'
        | '\u{17d4}'..='\u{17da}' | '\u{1800}'..='\u{180a}'
        // general, and of East Asia
        | '\u{2010}'..='\u{205e}' | '\u{2e00}'..='\u{2e7f}' | '\u{3001}'..='\u{3020}' | '\u{3030}' | '\u{303d}'
        | '\u{30a0}' | '\u{30fb}' | '\u{a4fe}' | '\u{a4ff}' | '\u{fd3e}' | '\u{fd3f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn r16_spellings_of_one_answer_are_one() {
        for (spellings, expect) in [
            (&["Saint-Malo", "SAINT–MALO!", " saintmalo "][..], "saintmalo"),
            (
                &["Old  Oak\tTree", "old oak tree.", "ｏｌｄ　ｏａｋ　ｔｒｅｅ"],
                "old oak tree",
            ),
            (&["O'Hara", "o’hara", "OHARA", "O´Hara", "o`hara"], "ohara"),
            (&["Straße 7", "STRASSE ٧", "STRAẞE ７", "strasse ۷"], "strasse 7"),
            (&["Iğdır", "IĞDIR", "İĞDİR", "iğdir", "I\u{307}g\u{306}dir"], "iğdir"),
            (&["Öresund", "O\u{308}RESUND"], "öresund"),
            (&["Οδυσσεύς", "ΟΔΥΣΣΕΎΣ"], "οδυσσεύσ"),
            (&["«مرسى» البحر؟", "مرسى، البحر", "مرســـى البحر"], "مرسى البحر"),
            (&["ジョン・スミス", "ｼﾞｮﾝ･ｽﾐｽ"], "ジョンスミス"),
            (&["❤\u{fe0f} boat", "❤ BOAT"], "❤ boat"),
            (&["१२३ ៤៥៦", "123 456"], "123 456"),
            (&["…", "?!", "—", "", " \u{200b} "], ""),
        ] {
            for spelling in spellings {
                assert_eq!(*folded(spelling), expect, "{spelling:?}");
            }
        }
    }

    #[test]
    fn r16_accents_stay() {
        for (one, other) in [
            ("Öse", "Ose"),
            ("año", "ano"),
            ("été", "ete"),
            ("कि", "क"),
            ("عَلم", "عِلم"),
        ] {
            assert_ne!(folded(one), folded(other), "{one}");
        }
    }

    #[test]
    fn r16_parts_of_a_text_are_found_in_any_order() {
        let text = "Which harbour-town did you first sail to?";
        for answer in ["harbour", "Harbour Town", "first, which!", "to SAIL", "arb", "sailto"] {
            assert!(is_within(&folded(answer), text), "{answer}");
        }
        for answer in ["harbours", "Port Louis", "sail away"] {
            assert!(!is_within(&folded(answer), text), "{answer}");
        }
    }

    fn texts() -> impl Strategy<Value = String> {
        let mixed = "[a-zA-ZßẞİıΣσς0-9٠-٩ .!'\u{300}-\u{30f}\u{345}\u{34f}\u{fe0f}\u{200d}-]{0,20}";
        prop_oneof![any::<String>(), "\\PC{0,40}".boxed(), mixed.boxed()]
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in texts()) {
            let once = folded(&text);
            prop_assert_eq!(&*folded(&once), &*once);
        }

        #[test]
        fn folding_never_outgrows_its_room(text in texts()) {
            prop_assert!(folded(&text).len() <= text.len() * 11);
        }

        #[test]
        fn neither_case_nor_marks_nor_blanks_tell_answers_apart(words in prop::collection::vec("[a-zäöüñéçß0-9а-я]{1,8}", 1..4)) {
            let plain = folded(&words.join(" "));
            let shouted: Vec<String> = words.iter().map(|word| format!("«{}!»", word.to_uppercase())).collect();
            prop_assert_eq!(&*folded(&format!("\u{a0}{}…", shouted.join(" \t "))), &*plain);
        }

        #[test]
        fn nothing_folded_holds_marks_or_double_blanks(text in texts()) {
            let once = folded(&text);
            prop_assert!(!once.chars().any(is_dropped));
            prop_assert!(once.split(' ').all(|word| !word.is_empty()) || once.is_empty());
            prop_assert!(is_within(&once, &text));
        }
    }
}
