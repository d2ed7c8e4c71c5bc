//! The rules of a password, ticked off while typing, and how strong it looks. What the page ticks is the code of the post.

use crate::i18n::{locale, td_string};
use leptos::prelude::*;
use regain_domain::password::{Mark, Rule, Shown, Strength};

/// The list of rules; `marks` are in the same order.
#[component]
pub(crate) fn Rules(shown: Shown, marks: Signal<Vec<Mark>>) -> impl IntoView {
    let rows: Vec<_> = shown
        .rules()
        .into_iter()
        .enumerate()
        .map(|(nth, rule)| {
            let mark = move || marks.read().get(nth).copied().unwrap_or(Mark::Open);
            view! {
                <li class=move || class(mark())>
                    <span><span class="hide-visually">{move || heard(mark())}</span> {rule_words(rule, &shown)}</span>
                </li>
            }
        })
        .collect();
    view! { <ul class="rules" id="rules" aria-label=td_string!(locale(), reset.password.rules)>{rows}</ul> }
}

const fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Open => "",
        Mark::Met => "met",
        Mark::Broken => "broken",
        Mark::OnServer => "server",
    }
}

/// What the mark says to those who listen.
fn heard(mark: Mark) -> &'static str {
    let locale = locale();
    match mark {
        Mark::Open | Mark::OnServer => "",
        Mark::Met => td_string!(locale, reset.password.met),
        Mark::Broken => td_string!(locale, reset.password.broken),
    }
}

fn rule_words(rule: Rule, shown: &Shown) -> String {
    let locale = locale();
    match rule {
        Rule::Length => td_string!(locale, reset.password.rule_length, least = shown.least),
        Rule::Characters => td_string!(locale, reset.password.rule_characters).into(),
        Rule::Classes => td_string!(locale, reset.password.rule_classes).into(),
        Rule::Names => td_string!(locale, reset.password.rule_names).into(),
        Rule::Lists => td_string!(locale, reset.password.rule_lists).into(),
        Rule::History => td_string!(locale, reset.password.rule_history, n = shown.history),
        Rule::Repeat => td_string!(locale, reset.password.rule_repeat).into(),
    }
}

/// How strong it looks: advice, which refuses nothing. Shown only where there are scripts.
#[component]
pub(crate) fn StrengthBar(strength: Signal<Option<Strength>>) -> impl IntoView {
    let locale = locale();
    let code = move || match strength.get() {
        None => "",
        Some(Strength::Weak) => "weak",
        Some(Strength::Fair) => "fair",
        Some(Strength::Good) => "good",
        Some(Strength::Strong) => "strong",
    };
    let words = move || match strength.get() {
        None => "",
        Some(Strength::Weak) => td_string!(locale, reset.password.weak),
        Some(Strength::Fair) => td_string!(locale, reset.password.fair),
        Some(Strength::Good) => td_string!(locale, reset.password.good),
        Some(Strength::Strong) => td_string!(locale, reset.password.strong),
    };
    view! {
        <div class="with-scripts">
            <div class="strength" data-strength=code><i></i><i></i><i></i><i></i><span role="status">{words}</span></div>
        </div>
    }
}
