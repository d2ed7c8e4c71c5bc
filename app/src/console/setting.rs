//! One setting: its name, what it does, why it was refused, and what it is set by.

use super::words;
use crate::i18n::{locale, td_string};
use crate::ui::{Why, described_by};
use leptos::prelude::*;
use regain_domain::policy::Converged;
use regain_domain::policy::setting::{Kind, Setting as Which};

/// `value` is the setting as text. `uncarried`: no gateway carries it. `more`, `picks`: what there is to choose from.
#[component]
pub(super) fn Setting(
    setting: Which,
    value: String,
    #[prop(optional_no_strip)] why: Option<String>,
    uncarried: bool,
    #[prop(optional_no_strip)] more: Option<String>,
    picks: Vec<(String, String)>,
) -> impl IntoView {
    match setting.kind() {
        Kind::Picks => view! { <Picks setting value picks why/> }.into_any(),
        Kind::Switch => view! { <Switch setting is_on=value == "on" why uncarried/> }.into_any(),
        Kind::Choice(codes) => view! { <Choices setting codes value why/> }.into_any(),
        Kind::Number { .. } => view! { <Line setting value why is_number=true/> }.into_any(),
        Kind::Line => view! { <Line setting value why is_number=false/> }.into_any(),
        Kind::Lines => view! { <Lines setting value why more/> }.into_any(),
    }
}

#[component]
fn Switch(setting: Which, is_on: bool, why: Option<String>, uncarried: bool) -> impl IntoView {
    let (locale, name) = (locale(), setting.code());
    let (label, hint) = words::setting(setting);
    // In words beside what it does, so that everybody is told.
    let no_way = uncarried.then(|| {
        view! { " " <b>{td_string!(locale, console.uncarried_hint)}</b> }
    });
    let tag = uncarried.then(|| view! { <span class="tag warn">{td_string!(locale, console.uncarried)}</span> });
    let described = described_by(name, true, why.is_some());
    let invalid = why.is_some().then_some("true");
    let class = match setting {
        Which::Converged(Converged::Way(_)) => "setting way",
        _ => "setting",
    };
    view! {
        <div class=class>
            <label for=name>{label} " " {tag}</label>
            <span class="hint" id=format!("{name}-hint")>{hint} {no_way}</span>
            <Why name words=why/>
            <input
                class="switch"
                r#type="checkbox"
                role="switch"
                id=name
                name=name
                value="on"
                checked=is_on
                aria-describedby=described
                aria-invalid=invalid
            />
        </div>
    }
}

#[component]
fn Choices(setting: Which, codes: &'static [&'static str], value: String, why: Option<String>) -> impl IntoView {
    let name = setting.code();
    let (label, hint) = words::setting(setting);
    let described = described_by(name, true, why.is_some());
    let rows: Vec<_> = codes
        .iter()
        .copied()
        .map(|code| {
            let (words, means) = words::choice(code);
            let means = (!means.is_empty()).then(|| view! { <small class="hint">{means}</small> });
            view! {
                <label class="option">
                    <input r#type="radio" name=name value=code checked=code == value/>
                    <span class="stack-s"><span>{words}</span>{means}</span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="setting choices-of" aria-describedby=described>
            <legend>{label}</legend>
            <span class="hint" id=format!("{name}-hint")>{hint}</span>
            <Why name words=why/>
            <div class="options">{rows}</div>
        </fieldset>
    }
}

/// A box for each, folded away.
#[component]
fn Picks(setting: Which, value: String, picks: Vec<(String, String)>, why: Option<String>) -> impl IntoView {
    let name = setting.code();
    let (label, hint) = words::setting(setting);
    let described = described_by(name, true, why.is_some());
    let n_picked = u32::try_from(value.lines().count()).unwrap_or(u32::MAX);
    let is_wrong = why.is_some();
    let rows: Vec<_> = picks
        .into_iter()
        .map(|(code, words)| {
            let is_picked = value.lines().any(|picked| picked == code);
            view! {
                <label class="option">
                    <input r#type="checkbox" name=code value="on" checked=is_picked/>
                    <span>{words}</span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="setting choices-of" aria-describedby=described>
            <legend>{label}</legend>
            <span class="hint" id=format!("{name}-hint")>{hint}</span>
            <Why name words=why/>
            <details open=is_wrong>
                <summary>{td_string!(locale(), console.picked, n = n_picked)}</summary>
                <div class="options">{rows}</div>
            </details>
        </fieldset>
    }
}

#[component]
fn Line(setting: Which, value: String, why: Option<String>, is_number: bool) -> impl IntoView {
    let name = setting.code();
    let (label, hint) = words::setting(setting);
    let described = described_by(name, true, why.is_some());
    let invalid = why.is_some().then_some("true");
    let (class, mode) = match is_number {
        true => ("input number", Some("numeric")),
        false => ("input", None),
    };
    let row = if is_number { "setting" } else { "setting long" };
    view! {
        <div class=row>
            <label for=name>{label}</label>
            <span class="hint" id=format!("{name}-hint")>{hint}</span>
            <Why name words=why/>
            <input
                class=class
                id=name
                name=name
                value=value
                inputmode=mode
                maxlength="256"
                autocomplete="off"
                spellcheck="false"
                dir="ltr"
                aria-describedby=described
                aria-invalid=invalid
            />
        </div>
    }
}

#[component]
fn Lines(setting: Which, value: String, why: Option<String>, more: Option<String>) -> impl IntoView {
    let name = setting.code();
    let (label, hint) = words::setting(setting);
    let described = [
        described_by(name, true, why.is_some()),
        more.as_ref().map(|_| format!("{name}-more")),
    ];
    let described = described.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let invalid = why.is_some().then_some("true");
    view! {
        <div class="setting long">
            <label for=name>{label}</label>
            <span class="hint" id=format!("{name}-hint")>{hint}</span>
            <Why name words=why/>
            <textarea
                class="input"
                id=name
                name=name
                rows="3"
                autocomplete="off"
                spellcheck="false"
                dir="auto"
                aria-describedby=described
                aria-invalid=invalid
            >
                {value}
            </textarea>
            {more.map(|words| view! { <span class="hint" id=format!("{name}-more")>{words}</span> })}
        </div>
    }
}
