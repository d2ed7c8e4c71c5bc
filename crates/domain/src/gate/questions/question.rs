//! The name of a question, as answers and forms give it.

use super::Predefined;
use crate::ids::QuestionId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Stands before the id of a tenant's own question; no code of the catalogue begins so.
const OWN: &str = "own_";

/// A question that can be answered. Its order means nothing, but is the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Question {
    /// One of the catalogue; its words are in every language.
    Predefined(Predefined),
    /// One of the tenant's own; its words are shown as they were written.
    Own(QuestionId),
}

impl Question {
    /// The stable code: form value and row.
    pub fn code(self) -> String {
        match self {
            Self::Predefined(question) => question.code().to_owned(),
            Self::Own(id) => format!("{OWN}{}", id.0.simple()),
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        match code.strip_prefix(OWN) {
            Some(id) => Uuid::try_parse(id).ok().map(|id| Self::Own(QuestionId(id))),
            None => Predefined::of_code(code).map(Self::Predefined),
        }
    }
}

/// The questions of a registration as one text, which its row keeps beside the sealed answers.
pub fn list(questions: &[Question]) -> String {
    let codes: Vec<String> = questions.iter().map(|question| question.code()).collect();
    codes.join(" ")
}

/// Reads them back; a code that nobody knows is left out.
pub fn listed(text: &str) -> Vec<Question> {
    text.split_whitespace().filter_map(Question::of_code).collect()
}

impl TryFrom<String> for Question {
    type Error = &'static str;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::of_code(&code).ok_or("no code of a security question")
    }
}

impl From<Question> for String {
    fn from(question: Question) -> Self {
        question.code()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_leads_back_to_its_question() {
        let own = Question::Own(QuestionId(Uuid::from_u128(7)));
        let predefined = Predefined::ALL.iter().copied().map(Question::Predefined);
        for question in predefined.chain([own]) {
            assert_eq!(Question::of_code(&question.code()), Some(question));
            let row = serde_json::to_value(question).expect("a question serialises");
            assert_eq!(row, question.code().as_str());
            assert_eq!(serde_json::from_value::<Question>(row).ok(), Some(question));
        }
        assert_eq!(own.code(), "own_00000000000000000000000000000007");
    }

    #[test]
    fn other_words_are_no_codes() {
        for code in ["", "own_", "own_7", "maiden_name", "TOY_NAME", " toy_name"] {
            assert_eq!(Question::of_code(code), None, "{code}");
            assert!(serde_json::from_value::<Question>(code.into()).is_err(), "{code}");
        }
    }
}
