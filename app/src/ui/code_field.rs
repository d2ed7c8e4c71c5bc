//! Label, refusal and input of a code.

use super::field::{Why, described_by};
use super::kiosk::remembered;
use leptos::prelude::*;

/// Any code, `name="code"`. What was typed goes when the page is drawn again: a code is typed anew, never mended.
#[component]
pub(crate) fn CodeField(
    label: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    #[prop(optional_no_strip)] why: Option<String>,
    /// Longer than the usual six digits.
    #[prop(optional)]
    is_long: bool,
) -> impl IntoView {
    let described_by = described_by("code", hint.is_some(), why.is_some());
    let class = if why.is_some() { "field refused" } else { "field" };
    let input = if is_long { "input code long" } else { "input code" };
    let invalid = why.is_some().then_some("true");
    view! {
        <div class=class>
            <label for="code">{label}</label>
            {hint.map(|words| view! { <span class="hint" id="code-hint">{words}</span> })}
            <Why name="code" words=why/>
            <input
                class=input
                id="code"
                name="code"
                inputmode="numeric"
                autocomplete=remembered("one-time-code")
                autocapitalize="off"
                spellcheck="false"
                maxlength="64"
                prop:value=""
                aria-describedby=described_by
                aria-invalid=invalid
            />
        </div>
    }
}
