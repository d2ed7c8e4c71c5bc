//! The tenant's own questions: plain text, shown as it was written.

use super::fold::folded;
use crate::brand::is_hidden;
use crate::ids::QuestionId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::RangeInclusive;

/// Characters of a question (`domain.md` §4).
const LENGTHS: RangeInclusive<u32> = 3..=200;

/// A question of the tenant's own. Other words are another question, with another id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnQuestion {
    /// What answers hang on.
    pub id: QuestionId,
    /// Its words.
    pub text: QuestionText,
}

/// The words of a tenant's own question, checked when read. R16, R56.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct QuestionText(String);

impl QuestionText {
    /// Takes 3 to 200 characters of plain text, outer blanks dropped. What comparing leaves of it has to be long enough
    /// as well, so that there is a question between its marks.
    pub fn parse(typed: &str) -> Result<Self, TextRefused> {
        let text = typed.trim();
        let (least, most) = LENGTHS.into_inner();
        let is_above = |text: &str, n: u32| text.chars().nth(n as usize).is_some();
        if is_above(text, most) {
            return Err(TextRefused::Long { most });
        }
        if text.chars().any(is_hidden) {
            return Err(TextRefused::Hidden);
        }
        if !is_above(&folded(text), least.saturating_sub(1)) {
            return Err(TextRefused::Short { least });
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is no question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum TextRefused {
    /// Too few characters, marks left out.
    Short {
        /// How many it needs.
        least: u32,
    },
    /// Too many characters.
    Long {
        /// How many it takes.
        most: u32,
    },
    /// Holds a control, bidi-control or zero-width character.
    Hidden,
}

impl TryFrom<String> for QuestionText {
    type Error = TextRefused;

    fn try_from(text: String) -> Result<Self, TextRefused> {
        Self::parse(&text)
    }
}

impl From<QuestionText> for String {
    fn from(text: QuestionText) -> Self {
        text.0
    }
}

impl fmt::Display for TextRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short { least } => write!(f, "a question has at least {least} characters"),
            Self::Long { most } => write!(f, "a question has at most {most} characters"),
            Self::Hidden => f.write_str("a question holds no hidden characters"),
        }
    }
}

impl std::error::Error for TextRefused {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn r16_a_question_has_3_to_200_characters() {
        for (typed, expect) in [
            ("Pet", Ok("Pet")),
            ("  Which harbour?  ", Ok("Which harbour?")),
            ("¿Cuál?", Ok("¿Cuál?")),
            ("أيّ ميناء؟", Ok("أيّ ميناء؟")),
            ("", Err(TextRefused::Short { least: 3 })),
            ("Hm?", Err(TextRefused::Short { least: 3 })),
            ("???", Err(TextRefused::Short { least: 3 })),
        ] {
            let parsed = QuestionText::parse(typed);
            assert_eq!(
                parsed.as_ref().map(QuestionText::as_str),
                expect.as_ref().copied(),
                "{typed}"
            );
        }
        assert!(QuestionText::parse(&"ö".repeat(200)).is_ok());
        assert_eq!(
            QuestionText::parse(&"ö".repeat(201)),
            Err(TextRefused::Long { most: 200 })
        );
    }

    #[test]
    fn r56_a_question_is_plain_text() {
        for typed in [
            "Which\nharbour?",
            "Which\u{202e} harbour?",
            "Which\u{200b} harbour?",
            "Which \0?",
        ] {
            assert_eq!(QuestionText::parse(typed), Err(TextRefused::Hidden), "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn a_stored_question_reads_back_as_it_was_written(typed in "\\PC{0,60}") {
            if let Ok(text) = QuestionText::parse(&typed) {
                prop_assert_eq!(text.as_str(), typed.trim());
                let row = serde_json::to_string(&text).expect("a text serialises");
                prop_assert_eq!(serde_json::from_str::<QuestionText>(&row).ok(), Some(text));
            }
        }
    }
}
