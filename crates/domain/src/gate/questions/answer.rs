//! Answers: which ones may be chosen, what is hashed of them, and the one verdict on those given. R16.

use super::fold::{folded, is_within};
use super::{Question, QuestionPolicy};
use crate::text::nfc;
use crate::{Refusal, Secret};
use std::iter;
use std::ops::RangeInclusive;

/// Characters of an answer, both as typed and as compared (R16, `domain.md` §4).
const LENGTHS: RangeInclusive<u32> = 3..=40;

/// A question and its answer as the form of registration has them.
#[derive(Clone, Copy)]
pub struct Filled<'a> {
    /// The question that was chosen, if there is one of that code.
    pub question: Option<Question>,
    /// Its words in the language that the person reads.
    pub words: &'a str,
    /// The answer as typed.
    pub answer: &'a Secret,
}

/// A question with the answer that was chosen for it.
pub struct Chosen {
    /// The question.
    pub question: Question,
    /// What is hashed: the folded answer.
    pub answer: Secret,
}

/// The answers of a registration, ready to be hashed, or what is wrong with them: one refusal for each field. R16.
///
/// As many fields count as the tenant wants registered. `names` are given name, family name and user name.
pub fn chosen(filled: &[Filled<'_>], policy: &QuestionPolicy, names: &[&str]) -> Result<Vec<Chosen>, Vec<Refusal>> {
    let (offered, names) = (policy.questions(), names.join(" "));
    let fields = filled.iter().map(Some).chain(iter::repeat(None));
    let (mut taken, mut refusals) = (Vec::new(), Vec::new());
    for (field, filled) in (1..=policy.n_register()).zip(fields) {
        let question = filled.and_then(|filled| filled.question.filter(|question| offered.contains(question)));
        let (Some(filled), Some(question)) = (filled, question) else {
            refusals.push(Refusal::QuestionMissing { field });
            continue;
        };
        let one = Chosen {
            question,
            answer: compared(filled.answer),
        };
        refusals.extend(refusal(field, filled, &names, &one, &taken));
        taken.push(one);
    }
    match refusals.is_empty() {
        true => Ok(taken),
        false => Err(refusals),
    }
}

/// The answers given to so many questions, ready to be compared. Fields in which no answer can be, since nothing or too
/// much stands there, are refused by form: that is no try.
pub fn given(typed: &[Secret], n_asked: u32) -> Result<Vec<Secret>, Vec<Refusal>> {
    let nothing = Secret::new(String::new());
    let fields = typed.iter().chain(iter::repeat(&nothing));
    let (mut answers, mut refusals) = (Vec::new(), Vec::new());
    for (field, typed) in (1..=n_asked).zip(fields) {
        let answer = compared(typed);
        // One that is too short is wrong like any other.
        let refusal = length(field, typed, &answer);
        refusals.extend(refusal.filter(|refusal| !matches!(refusal, Refusal::AnswerShort { .. })));
        answers.push(answer);
    }
    match refusals.is_empty() {
        true => Ok(answers),
        false => Err(refusals),
    }
}

/// The one verdict: whether all the questions asked were compared, and every answer was right. Looks at each, whatever
/// the others are, and tells nothing of any. R16.
pub fn are_right(compared: &[bool], n_asked: u32) -> bool {
    let all = compared.iter().fold(true, |all, is_right| all & is_right);
    all & !compared.is_empty() & (u32::try_from(compared.len()) == Ok(n_asked))
}

fn compared(typed: &Secret) -> Secret {
    Secret::new(String::clone(&folded(typed.expose())))
}

fn length(field: u32, typed: &Secret, compared: &Secret) -> Option<Refusal> {
    let (least, most) = LENGTHS.into_inner();
    let n_typed = nfc(typed.expose().trim().chars()).count();
    let n_compared = compared.expose().chars().count();
    if compared.is_empty() {
        return Some(Refusal::AnswerMissing { field });
    }
    if n_typed.max(n_compared) > most as usize {
        return Some(Refusal::AnswerLong { field, most });
    }
    (n_typed.min(n_compared) < least as usize).then_some(Refusal::AnswerShort { field, least })
}

/// The first rule that this answer breaks: form first, then what the question, the name or another answer gives away.
fn refusal(field: u32, filled: &Filled<'_>, names: &str, one: &Chosen, taken: &[Chosen]) -> Option<Refusal> {
    let answer = one.answer.expose();
    if taken.iter().any(|other| other.question == one.question) {
        return Some(Refusal::QuestionTwice { field });
    }
    if let Some(refusal) = length(field, filled.answer, &one.answer) {
        return Some(refusal);
    }
    if is_within(answer, filled.words) {
        return Some(Refusal::AnswerInQuestion { field });
    }
    if is_within(answer, names) {
        return Some(Refusal::AnswerIsName { field });
    }
    let is_taken = taken.iter().any(|other| other.answer.expose() == answer);
    is_taken.then_some(Refusal::AnswerTwice { field })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::questions::Predefined;
    use proptest::prelude::*;

    const NAMES: [&str; 3] = ["Ada", "King Lovelace", "ada.l@acorn.example"];
    const GIFT: (Predefined, &str) = (
        Predefined::StrangeGift,
        "What was the strangest present of your childhood?",
    );
    const PLACE: (Predefined, &str) = (Predefined::LongWait, "Which place do you remember for a long wait?");
    const TOY: (Predefined, &str) = (Predefined::ToyName, "What name did you give to a toy?");

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    fn three() -> QuestionPolicy {
        QuestionPolicy {
            n_register: 3,
            ..QuestionPolicy::default()
        }
    }

    /// What is hashed of these answers, or what is wrong with them.
    fn judged(form: &[((Predefined, &str), &str)]) -> Result<Vec<String>, Vec<Refusal>> {
        let answers: Vec<Secret> = form.iter().map(|(_, answer)| secret(answer)).collect();
        let filled = form
            .iter()
            .zip(&answers)
            .map(|(((question, words), _), answer)| Filled {
                question: Some(Question::Predefined(*question)),
                words,
                answer,
            });
        let taken = chosen(&filled.collect::<Vec<_>>(), &three(), &NAMES)?;
        Ok(taken.iter().map(|one| one.answer.expose().to_owned()).collect())
    }

    #[test]
    fn r16_answers_of_their_own_are_taken_folded() {
        let taken = judged(&[(GIFT, "  A stuffed Pike! "), (PLACE, "Köln, Hbf"), (TOY, "Ms. Brown")]);
        assert_eq!(
            taken,
            Ok(["a stuffed pike", "köln hbf", "ms brown"].map(str::to_owned).to_vec())
        );
    }

    #[test]
    fn r16_each_answer_that_gives_itself_away_is_told_at_its_field() {
        let most = "ü".repeat(40);
        for (answer, expect) in [
            ("Pike", None),
            (&most, None),
            ("Rex", None),
            ("北京站", None),
            ("", Some(Refusal::AnswerMissing { field: 2 })),
            ("?!…", Some(Refusal::AnswerMissing { field: 2 })),
            ("Bo", Some(Refusal::AnswerShort { field: 2, least: 3 })),
            ("B.o!", Some(Refusal::AnswerShort { field: 2, least: 3 })),
            ("ﷺ", Some(Refusal::AnswerShort { field: 2, least: 3 })),
            ("u\u{308}o", Some(Refusal::AnswerShort { field: 2, least: 3 })),
            (&"ü".repeat(41), Some(Refusal::AnswerLong { field: 2, most: 40 })),
            (&"ß".repeat(21), Some(Refusal::AnswerLong { field: 2, most: 40 })),
            (&"Wait!".repeat(9), Some(Refusal::AnswerLong { field: 2, most: 40 })),
            ("PLACE", Some(Refusal::AnswerInQuestion { field: 2 })),
            ("long wait", Some(Refusal::AnswerInQuestion { field: 2 })),
            ("wait, long", Some(Refusal::AnswerInQuestion { field: 2 })),
            ("rememb", Some(Refusal::AnswerInQuestion { field: 2 })),
            ("Lovelace", Some(Refusal::AnswerIsName { field: 2 })),
            ("Lovelace, Ada", Some(Refusal::AnswerIsName { field: 2 })),
            ("ada.l", Some(Refusal::AnswerIsName { field: 2 })),
            ("ada l@acorn", Some(Refusal::AnswerIsName { field: 2 })),
            ("Ｓｔｕｆｆｅｄ ｐｉｋｅ", Some(Refusal::AnswerTwice { field: 2 })),
        ] {
            let found = judged(&[(GIFT, "stuffed pike"), (PLACE, answer), (TOY, "Mr Brown")]);
            assert_eq!(found.err(), expect.map(|refusal| vec![refusal]), "{answer}");
        }
    }

    #[test]
    fn r16_no_question_and_no_answer_counts_twice_and_all_fields_are_told_together() {
        let told = judged(&[(GIFT, "stuffed pike"), (GIFT, "Mr Brown"), (TOY, "stuffed pike")]);
        let expect = [Refusal::QuestionTwice { field: 2 }, Refusal::AnswerTwice { field: 3 }];
        assert_eq!(told, Err(expect.to_vec()));
        let other = (Predefined::HidingPlace, "Not one of the ten");
        let told = judged(&[(other, "stuffed pike"), (PLACE, "")]);
        let expect = [
            Refusal::QuestionMissing { field: 1 },
            Refusal::AnswerMissing { field: 2 },
            Refusal::QuestionMissing { field: 3 },
        ];
        assert_eq!(told, Err(expect.to_vec()));
    }

    #[test]
    fn r16_what_was_given_is_folded_and_only_what_is_no_answer_is_refused_by_form() {
        let typed = |fields: &[&str]| {
            let typed: Vec<Secret> = fields.iter().map(|field| secret(field)).collect();
            let answers = given(&typed, 3)?;
            Ok(answers
                .iter()
                .map(|answer| answer.expose().to_owned())
                .collect::<Vec<_>>())
        };
        assert_eq!(
            typed(&["A Pike", "Bo", "KÖLN!"]),
            Ok(["a pike", "bo", "köln"].map(str::to_owned).to_vec())
        );
        let expect = [Refusal::AnswerMissing { field: 2 }, Refusal::AnswerMissing { field: 3 }];
        assert_eq!(typed(&["A Pike", " . "]), Err(expect.to_vec()));
        let expect = [Refusal::AnswerLong { field: 1, most: 40 }];
        assert_eq!(typed(&[&"x".repeat(41), "Bo", "Köln"]), Err(expect.to_vec()));
    }

    #[test]
    fn r16_one_wrong_answer_or_one_missing_is_as_wrong_as_all() {
        for (compared, n_asked, expect) in [
            (&[true, true, true][..], 3, true),
            (&[true; 5], 5, true),
            (&[false, true, true], 3, false),
            (&[true, true, false], 3, false),
            (&[false; 3], 3, false),
            (&[true, true], 3, false),
            (&[true; 4], 3, false),
            (&[], 0, false),
        ] {
            assert_eq!(are_right(compared, n_asked), expect, "{compared:?} of {n_asked}");
        }
    }

    proptest! {
        #[test]
        fn r16_an_answer_that_is_taken_keeps_every_rule(answers in prop::collection::vec("\\PC{0,44}|[a-zA-Z ]{1,9}", 3)) {
            let form: Vec<_> = [GIFT, PLACE, TOY].into_iter().zip(answers.iter().map(String::as_str)).collect();
            if let Ok(taken) = judged(&form) {
                for (at, (answer, ((_, words), _))) in taken.iter().zip(&form).enumerate() {
                    prop_assert!((3..=40).contains(&answer.chars().count()));
                    prop_assert!(!folded(words).contains(answer.as_str()));
                    prop_assert!(NAMES.iter().all(|name| !folded(name).contains(answer.as_str())));
                    prop_assert!(!taken[..at].contains(answer));
                }
                let typed: Vec<Secret> = answers.iter().map(|answer| secret(answer)).collect();
                let again = given(&typed, 3).map_err(|_| TestCaseError::fail("what is taken can be given"))?;
                prop_assert!(again.iter().zip(&taken).all(|(given, taken)| given.expose() == taken));
            }
        }

        #[test]
        fn r16_right_is_all_and_as_many_as_were_asked(compared in prop::collection::vec(any::<bool>(), 0..7), n_asked in 0_u32..7) {
            let expect = !compared.is_empty() && compared.len() == n_asked as usize && !compared.contains(&false);
            prop_assert_eq!(are_right(&compared, n_asked), expect);
        }
    }
}
