//! Label, refusal and input of an answer to a security question; and a list to choose a question from.

use super::field::{Why, described_by};
use leptos::prelude::*;

/// Names of the fields of answers, in their order.
pub(crate) const ANSWERS: [&str; 5] = ["answer_1", "answer_2", "answer_3", "answer_4", "answer_5"];
/// Names of the fields in which questions are chosen.
pub(crate) const QUESTIONS: [&str; 5] = ["question_1", "question_2", "question_3", "question_4", "question_5"];

/// An answer. It shows what is typed: nobody can spell a memory blind. What was typed goes when the page is drawn again.
#[component]
pub(crate) fn AnswerField(
    name: &'static str,
    label: String,
    #[prop(optional)] question: Option<String>,
    #[prop(optional_no_strip)] why: Option<String>,
) -> impl IntoView {
    let described_by = described_by(name, false, why.is_some());
    let class = if why.is_some() { "field refused" } else { "field" };
    let invalid = why.is_some().then_some("true");
    view! {
        <div class=class>
            <label for=name>{label}</label>
            <Why name words=why/>
            <input
                class="input"
                id=name
                name=name
                data-question=question
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby=described_by
                aria-invalid=invalid
            />
        </div>
    }
}

/// A list to choose from: codes with their words.
#[component]
pub(crate) fn SelectField(
    name: &'static str,
    label: String,
    rows: Vec<(String, String)>,
    chosen: String,
    #[prop(optional_no_strip)] why: Option<String>,
) -> impl IntoView {
    let described_by = described_by(name, false, why.is_some());
    let class = if why.is_some() { "field refused" } else { "field" };
    let invalid = why.is_some().then_some("true");
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(code, words)| {
            let is_chosen = code == chosen;
            view! { <option value=code selected=is_chosen>{words}</option> }
        })
        .collect();
    view! {
        <div class=class>
            <label for=name>{label}</label>
            <Why name words=why/>
            <select class="input" id=name name=name aria-describedby=described_by aria-invalid=invalid>{rows}</select>
        </div>
    }
}
