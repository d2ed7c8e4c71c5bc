//! What a tenant sets about security questions: which there are, and how many are registered and asked. R16.

use super::fold::folded;
use super::{OwnQuestion, Predefined, Question};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::ops::RangeInclusive;

/// How many questions may be registered, and how many asked (R16, `domain.md` §4).
pub const COUNTS: RangeInclusive<u32> = 3..=5;
/// Most questions of a tenant's own (R16).
const MOST_OWN: u32 = 20;

/// The tenant's questions. Whether they may be used at all is a matter of gates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuestionPolicy {
    /// Those of the catalogue that are picked.
    pub predefined: Vec<Predefined>,
    /// The tenant's own, at most 20.
    pub own: Vec<OwnQuestion>,
    /// Own ones that were taken away: nobody chooses them, but answers to them keep their words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub retired: Vec<OwnQuestion>,
    /// How many a person registers: 3–5.
    pub n_register: u32,
    /// How many a reset asks: 3–5, and no more than are registered.
    pub n_reset: u32,
}

impl Default for QuestionPolicy {
    fn default() -> Self {
        Self {
            predefined: Predefined::DEFAULT.to_vec(),
            own: Vec::new(),
            retired: Vec::new(),
            n_register: 5,
            n_reset: 3,
        }
    }
}

impl QuestionPolicy {
    /// The questions that people choose from: the picked ones in the order of the catalogue, then the tenant's own.
    pub fn questions(&self) -> Vec<Question> {
        let picked = Predefined::ALL
            .iter()
            .copied()
            .filter(|one| self.predefined.contains(one));
        let own = self.own.iter().take(MOST_OWN as usize).map(|own| Question::Own(own.id));
        let mut known = HashSet::new();
        let all = picked.map(Question::Predefined).chain(own);
        all.filter(|question| known.insert(*question)).collect()
    }

    /// The words of a tenant's own question, one that was taken away included.
    pub fn own_text(&self, question: Question) -> Option<&str> {
        let own = self
            .own
            .iter()
            .chain(&self.retired)
            .find(|own| Question::Own(own.id) == question)?;
        Some(own.text.as_str())
    }

    /// How many a person registers: 3–5 whatever is stored, and no more than there are, but never fewer than 3.
    pub fn n_register(&self) -> u32 {
        clamped(self.n_register).min(clamped(self.n_defined()))
    }

    /// How many a reset asks: 3–5 whatever is stored, and no more than are registered.
    pub fn n_reset(&self) -> u32 {
        clamped(self.n_reset).min(self.n_register())
    }

    /// Whether there are as many questions as a reset asks; without that nobody, known or not, is asked any.
    pub fn is_enough(&self) -> bool {
        self.n_defined() >= self.n_reset()
    }

    /// The first rule that a policy to be saved breaks (`domain.md` §6).
    pub fn why_not(&self) -> Option<QuestionsRefused> {
        let alike = || self.alike().map(|number| QuestionsRefused::Alike { number });
        self.picked_twice()
            .or_else(|| self.too_many())
            .or_else(alike)
            .or_else(|| self.counts())
    }

    fn n_defined(&self) -> u32 {
        u32::try_from(self.questions().len()).unwrap_or(u32::MAX)
    }

    fn picked_twice(&self) -> Option<QuestionsRefused> {
        let mut known = HashSet::new();
        let again = self.predefined.iter().copied().find(|one| !known.insert(*one));
        again.map(|question| QuestionsRefused::PickedTwice { question })
    }

    fn too_many(&self) -> Option<QuestionsRefused> {
        (self.own.len() > MOST_OWN as usize).then_some(QuestionsRefused::TooManyOwn { most: MOST_OWN })
    }

    /// The number of the first own question that is one of those before it.
    fn alike(&self) -> Option<u32> {
        let (mut ids, mut texts) = (HashSet::new(), HashSet::new());
        let mut numbered = (1..).zip(&self.own);
        let again = numbered.find(|(_, own)| {
            let is_new = ids.insert(own.id) & texts.insert(String::clone(&folded(own.text.as_str())));
            !is_new
        });
        again.map(|(number, _)| number)
    }

    fn counts(&self) -> Option<QuestionsRefused> {
        let (least, most) = COUNTS.into_inner();
        let defined = self.n_defined();
        if !COUNTS.contains(&self.n_register) {
            return Some(QuestionsRefused::RegisterRange { least, most });
        }
        if !COUNTS.contains(&self.n_reset) {
            return Some(QuestionsRefused::ResetRange { least, most });
        }
        if self.n_reset > self.n_register {
            return Some(QuestionsRefused::ResetAboveRegister);
        }
        (self.n_register > defined).then_some(QuestionsRefused::TooFew { defined })
    }
}

fn clamped(count: u32) -> u32 {
    count.clamp(*COUNTS.start(), *COUNTS.end())
}

/// Why a policy of questions is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum QuestionsRefused {
    /// A question of the catalogue is picked more than once.
    PickedTwice {
        /// Which.
        question: Predefined,
    },
    /// More questions of the tenant's own than it may have.
    TooManyOwn {
        /// How many it may have.
        most: u32,
    },
    /// An own question is one of those before it, apart from case, marks and blanks.
    Alike {
        /// Its number among the own ones, from 1.
        number: u32,
    },
    /// As many can't be registered.
    RegisterRange {
        /// Least number.
        least: u32,
        /// Greatest number.
        most: u32,
    },
    /// As many can't be asked.
    ResetRange {
        /// Least number.
        least: u32,
        /// Greatest number.
        most: u32,
    },
    /// More are asked than are registered.
    ResetAboveRegister,
    /// More are to be registered than there are.
    TooFew {
        /// How many there are.
        defined: u32,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::questions::QuestionText;
    use crate::ids::QuestionId;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn own(id: u128, text: &str) -> OwnQuestion {
        OwnQuestion {
            id: QuestionId(Uuid::from_u128(id)),
            text: QuestionText::parse(text).expect("a question"),
        }
    }

    fn counted(n_register: u32, n_reset: u32) -> QuestionPolicy {
        QuestionPolicy {
            n_register,
            n_reset,
            ..QuestionPolicy::default()
        }
    }

    #[test]
    fn r16_ten_are_picked_five_registered_and_three_asked_until_it_is_set() {
        let policy = QuestionPolicy::default();
        assert_eq!(policy.questions().len(), 10);
        assert_eq!((policy.n_register(), policy.n_reset()), (5, 3));
        assert_eq!(policy.why_not(), None);
        assert_eq!(serde_json::from_str::<QuestionPolicy>("{}").ok(), Some(policy));
        assert!(serde_json::from_str::<QuestionPolicy>(r#"{"n_ask":3}"#).is_err());
    }

    #[test]
    fn r16_reset_is_at_most_register_is_at_most_defined() {
        for (n_register, n_reset, expect) in [
            (3, 3, None),
            (5, 5, None),
            (2, 2, Some(QuestionsRefused::RegisterRange { least: 3, most: 5 })),
            (6, 3, Some(QuestionsRefused::RegisterRange { least: 3, most: 5 })),
            (5, 2, Some(QuestionsRefused::ResetRange { least: 3, most: 5 })),
            (5, 6, Some(QuestionsRefused::ResetRange { least: 3, most: 5 })),
            (4, 5, Some(QuestionsRefused::ResetAboveRegister)),
        ] {
            assert_eq!(
                counted(n_register, n_reset).why_not(),
                expect,
                "{n_register}, {n_reset}"
            );
        }
        let mut few = QuestionPolicy {
            predefined: Predefined::DEFAULT[..3].to_vec(),
            own: vec![own(1, "Which harbour?")],
            ..counted(5, 3)
        };
        assert_eq!(few.why_not(), Some(QuestionsRefused::TooFew { defined: 4 }));
        few.own.push(own(2, "Which lighthouse?"));
        assert_eq!(few.why_not(), None);
        assert_eq!(
            few.own_text(Question::Own(QuestionId(Uuid::from_u128(2)))),
            Some("Which lighthouse?")
        );
    }

    #[test]
    fn r16_no_question_is_there_twice_and_a_tenant_has_twenty_of_its_own() {
        let mut policy = QuestionPolicy {
            own: (0..20).map(|n| own(n, &format!("Question {n}"))).collect(),
            ..QuestionPolicy::default()
        };
        assert_eq!(policy.why_not(), None);
        policy.own.push(own(20, "Question 20"));
        assert_eq!(policy.why_not(), Some(QuestionsRefused::TooManyOwn { most: 20 }));
        assert_eq!(policy.questions().len(), 30);
        for again in [own(2, "Which  HARBOUR"), own(1, "Which lighthouse?")] {
            policy.own = vec![own(0, "Which cape?"), own(1, "Which harbour?"), again];
            assert_eq!(policy.why_not(), Some(QuestionsRefused::Alike { number: 3 }));
        }
        policy.own.clear();
        policy.predefined.push(Predefined::ToyName);
        let question = Predefined::ToyName;
        assert_eq!(policy.why_not(), Some(QuestionsRefused::PickedTwice { question }));
        assert_eq!(policy.questions().len(), 10);
    }

    proptest! {
        #[test]
        fn r16_whatever_is_stored_three_to_five_are_asked_of_those_registered(
            n_register in any::<u32>(), n_reset in any::<u32>(), n_picked in 0_usize..12,
        ) {
            let predefined = Predefined::ALL.iter().copied().take(n_picked).collect();
            let policy = QuestionPolicy { predefined, ..counted(n_register, n_reset) };
            prop_assert!(COUNTS.contains(&policy.n_register()) && COUNTS.contains(&policy.n_reset()));
            prop_assert!(policy.n_reset() <= policy.n_register());
            prop_assert_eq!(policy.is_enough(), n_picked >= 3);
            if policy.why_not().is_none() {
                prop_assert_eq!((policy.n_register(), policy.n_reset()), (n_register, n_reset));
            }
        }
    }
}
