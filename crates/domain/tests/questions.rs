//! The words of the predefined questions: complete in every language, and fit to be asked.

use regain_domain::gate::questions::{Predefined, QuestionText};
use regain_domain::locale::Language;
use std::collections::{BTreeMap, BTreeSet};

/// The words of one language, by code.
fn words(language: Language) -> BTreeMap<&'static str, &'static str> {
    Predefined::ALL
        .iter()
        .map(|question| (question.code(), question.words(language)))
        .collect()
}

#[test]
fn each_language_has_words_for_each_code() {
    for language in Language::ALL {
        for (code, words) in words(language) {
            assert!(!words.is_empty(), "{}: {code}", language.tag());
        }
    }
}

#[test]
fn r16_each_is_plain_text_ends_as_a_question_and_is_there_once() {
    for language in Language::ALL {
        let words = words(language);
        let mark = match language {
            Language::Ar => '؟',
            Language::En | Language::De | Language::Fr | Language::Es => '?',
        };
        let mut known = BTreeSet::new();
        for (code, text) in words {
            let place = format!("{}: {code}", language.tag());
            assert_eq!(
                QuestionText::parse(text).as_ref().map(QuestionText::as_str),
                Ok(text),
                "{place}"
            );
            assert!(text.ends_with(mark), "{place}: {text}");
            assert_eq!(text.starts_with('¿'), language == Language::Es, "{place}");
            assert!(!text.contains('\''), "{place}: the apostrophe is ’");
            assert!(text.chars().count() <= 90, "{place} is long for a field's label");
            assert!(known.insert(text), "{place} is there twice");
        }
    }
}
