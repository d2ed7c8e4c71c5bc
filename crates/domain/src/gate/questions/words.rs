//! The words of the catalogue. Only the server asks: what a page shows of them travels with the page, so that no bundle
//! holds all of them in all languages.

use super::{Predefined, Question, QuestionPolicy};
use crate::locale::Language;

/// The lines `code = words` of a language.
const fn source(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("words/en.txt"),
        Language::De => include_str!("words/de.txt"),
        Language::Fr => include_str!("words/fr.txt"),
        Language::Es => include_str!("words/es.txt"),
        Language::Ar => include_str!("words/ar.txt"),
    }
}

impl Predefined {
    /// Its words in a language; a test proves that every language has all of them.
    pub fn words(self, language: Language) -> &'static str {
        let lines = source(language).lines().filter_map(|line| line.split_once(" = "));
        let mut own = lines.filter(|(code, _)| *code == self.code());
        own.next().map_or("", |(_, words)| words)
    }
}

/// The words of a question: those of the catalogue in this language, a tenant's own as they were written. Nothing for one
/// that the tenant has taken away.
pub fn words(question: Question, policy: &QuestionPolicy, language: Language) -> Option<String> {
    match question {
        Question::Predefined(predefined) => Some(predefined.words(language).to_owned()),
        Question::Own(_) => policy.own_text(question).map(str::to_owned),
    }
}
