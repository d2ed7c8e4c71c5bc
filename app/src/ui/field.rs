//! Label, hint, refusal and input in one.

use super::kiosk::remembered;
use leptos::prelude::*;

/// A line of text. `name` is also the id, unless one is given where a page has several; `autocomplete` as HTML spells it.
/// What was typed stays when it is refused.
#[component]
pub(crate) fn Field(
    name: &'static str,
    label: &'static str,
    autocomplete: &'static str,
    #[prop(optional)] kind: Option<&'static str>,
    #[prop(optional)] id: Option<String>,
    #[prop(optional)] value: String,
    #[prop(optional)] maxlength: Option<usize>,
    #[prop(optional)] hint: Option<String>,
    #[prop(optional_no_strip)] why: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.to_owned());
    let described_by = described_by(&id, hint.is_some(), why.is_some());
    let class = if why.is_some() { "field refused" } else { "field" };
    let invalid = why.is_some().then_some("true");
    // The style sheet sets addresses from left to right once something is typed, which it knows by the placeholder.
    view! {
        <div class=class>
            <label for=id.clone()>{label}</label>
            {hint.map(|words| view! { <span class="hint" id=format!("{id}-hint")>{words}</span> })}
            <Why name=id.clone() words=why/>
            <input
                class="input"
                id=id
                name=name
                r#type=kind.unwrap_or("text")
                value=value
                placeholder=" "
                autocomplete=remembered(autocomplete)
                autocapitalize="off"
                spellcheck="false"
                maxlength=maxlength
                aria-describedby=described_by
                aria-invalid=invalid
            />
        </div>
    }
}

/// Why a field was refused; `aria-describedby` of the field names it.
#[component]
pub(crate) fn Why(#[prop(into)] name: String, words: Option<String>) -> impl IntoView {
    words.map(|words| view! { <span class="why" role="alert" id=format!("{name}-why")><span>{words}</span></span> })
}

/// The ids that say more about a field.
pub(crate) fn described_by(name: &str, has_hint: bool, has_why: bool) -> Option<String> {
    match (has_hint, has_why) {
        (true, true) => Some(format!("{name}-hint {name}-why")),
        (true, false) => Some(format!("{name}-hint")),
        (false, true) => Some(format!("{name}-why")),
        (false, false) => None,
    }
}
