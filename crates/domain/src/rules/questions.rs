//! Security questions (`domain.md` §§4, 6).

use super::usable::{ANSWERS, gates_of};
use super::*;
use crate::gate::questions::{Filled, Predefined, Question, QuestionPolicy, are_right, asked, chosen, words};
use crate::locale::Language;
use crate::registration::outdated;

/// The second of three answers as it is kept, or what is wrong with them; the third one's question may be the first's.
fn answers(second: &str, is_twice: bool) -> String {
    let typed = ["stuffed pike", second, "Mr Brown"].map(|answer| Secret::new(answer.to_owned()));
    let third = if is_twice {
        Predefined::StrangeGift
    } else {
        Predefined::ToyName
    };
    let questions = [Predefined::StrangeGift, Predefined::LongWait, third];
    let filled: Vec<Filled<'_>> = questions
        .into_iter()
        .zip(&typed)
        .map(|(question, answer)| Filled {
            question: Some(Question::Predefined(question)),
            words: "What was it?",
            answer,
        })
        .collect();
    let policy = QuestionPolicy {
        n_register: 3,
        ..QuestionPolicy::default()
    };
    match chosen(&filled, &policy, &["Uma"]) {
        Ok(taken) => taken[1].answer.expose().to_owned(),
        Err(wrong) => wrong.iter().map(Refusal::code).collect::<Vec<_>>().join(" "),
    }
}

/// How many of those that were answered are asked, and whether they are the same when the rows come in another order.
fn asks(n_reset: u32) -> String {
    let policy = QuestionPolicy {
        n_reset,
        ..QuestionPolicy::default()
    };
    let mut answered: Vec<Question> = policy.questions().into_iter().take(5).collect();
    let first = asked(&answered, &policy, &[7; 32]).expect("enough");
    let n_own = first.iter().filter(|one| answered.contains(one)).count();
    answered.reverse();
    let is_same = asked(&answered, &policy, &[7; 32]) == Some(first);
    format!("{n_own} {is_same}")
}

/// Predefined questions without words in some language.
fn untranslated() -> String {
    let policy = QuestionPolicy::default();
    let lacks = |question: &&Predefined| {
        let in_it = |language| words(Question::Predefined(**question), &policy, language).unwrap_or_default();
        Language::ALL.into_iter().any(|language| in_it(language).is_empty())
    };
    Predefined::ALL.iter().filter(lacks).count().to_string()
}

/// A question of the tenant's own, as a page in another language shows it.
fn shown() -> String {
    let policy = QuestionPolicy {
        own: own(1, |_| "Which  harbour?".to_owned()),
        ..QuestionPolicy::default()
    };
    words(Question::Own(policy.own[0].id), &policy, Language::Ar).unwrap_or_default()
}

/// Whether a confirmation drops the answers, where these questions are picked.
fn are_outdated(picked: &[Predefined]) -> String {
    let mut settings = usual();
    settings.policy.questions.predefined = picked.to_vec();
    outdated(&with(person(), &[ANSWERS]), &settings).is_some().to_string()
}

pub(super) const QUESTIONS: &[Rule] = &[
    (
        "§4",
        "35 predefined questions at least",
        || (Predefined::ALL.len() >= 35).to_string(),
        "true",
    ),
    ("§4", "in every language", untranslated, "0"),
    (
        "§4",
        "a question of 201 characters",
        || QuestionText::parse(&"Q".repeat(201)).is_err().to_string(),
        "true",
    ),
    (
        "§4",
        "20 of one's own",
        || wrong(|s| s.policy.questions.own = own(20, |n| format!("Question {n}"))),
        "",
    ),
    ("§4", "shown as they were written", shown, "Which  harbour?"),
    (
        "§4",
        "two to register",
        || typed(Setting::QuestionsRegister, "2"),
        "range",
    ),
    (
        "§4",
        "six to register",
        || typed(Setting::QuestionsRegister, "6"),
        "range",
    ),
    ("§4", "two to reset", || typed(Setting::QuestionsReset, "2"), "range"),
    ("§4", "six to reset", || typed(Setting::QuestionsReset, "6"), "range"),
    (
        "§4",
        "an answer of 2 characters",
        || answers("Bo", false),
        "answer-short",
    ),
    (
        "§4",
        "an answer of 41 characters",
        || answers(&"x".repeat(41), false),
        "answer-long",
    ),
    ("§4", "any script", || answers("北京站", false), "北京站"),
    (
        "§4",
        "no answer twice, however it is written",
        || answers("ＳＴＵＦＦＥＤ pike!", false),
        "answer-twice",
    ),
    ("§4", "no question twice", || answers("Köln", true), "question-twice"),
    (
        "§4",
        "wide, in capitals, with punctuation and blanks, one and the same",
        || answers("  ＫÖLN,  Hbf. ", false),
        "köln hbf",
    ),
    (
        "§4",
        "three of those answered are asked, and always the same",
        || asks(3),
        "3 true",
    ),
    ("§4", "five, where five are", || asks(5), "5 true"),
    (
        "§4",
        "all right at once",
        || are_right(&[true, true, true], 3).to_string(),
        "true",
    ),
    (
        "§4",
        "one of them wrong",
        || are_right(&[true, false, true], 3).to_string(),
        "false",
    ),
    (
        "§4",
        "one of them missing",
        || are_right(&[true, true], 3).to_string(),
        "false",
    ),
    (
        "§6",
        "answers count though their questions were taken away",
        || {
            gates_of(2, &[ANSWERS], |s| {
                s.policy.questions.predefined = Predefined::ALL[20..30].to_vec();
            })
        },
        "questions",
    ),
    (
        "§6",
        "until the methods are confirmed",
        || are_outdated(&Predefined::ALL[20..30]),
        "true",
    ),
    (
        "§6",
        "those whose questions are there stay",
        || are_outdated(Predefined::ALL),
        "false",
    ),
];
