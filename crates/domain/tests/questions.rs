//! The words of the predefined questions: complete in every language, and fit to be asked.

#![expect(clippy::expect_used, reason = "a test that cannot read the words has nothing to say")]

use regain_domain::gate::questions::{Predefined, QuestionText};
use regain_domain::locale::Language;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The words of one language, by code.
fn words(language: Language) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app/locales");
    let path = root.join(language.tag()).join("questions.json");
    let text = std::fs::read_to_string(&path).expect("every language has its words");
    serde_json::from_str(&text).expect("codes and words")
}

#[test]
fn each_language_has_words_for_each_code_and_for_no_other() {
    let codes: BTreeSet<&str> = Predefined::ALL.iter().map(|question| question.code()).collect();
    for language in Language::ALL {
        let words = words(language);
        let keys: BTreeSet<&str> = words.keys().map(String::as_str).collect();
        assert_eq!(keys, codes, "{}", language.tag());
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
        for (code, text) in &words {
            let place = format!("{}: {code}", language.tag());
            assert_eq!(
                QuestionText::parse(text).as_ref().map(QuestionText::as_str),
                Ok(text.as_str()),
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
