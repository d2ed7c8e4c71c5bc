//! Label, refusal and input of a password, with a button that shows it.

use super::field::{Why, described_by};
use super::kiosk::remembered;
use crate::i18n::{locale, td_string};
use leptos::{html, prelude::*};

/// `name` is also the id. A step that is drawn again keeps its elements, and so what was typed: `prop:value` takes it out.
/// (Never give that one an `Option`: `None` types the word undefined.) `on_typed` is told after each key.
#[component]
pub(crate) fn PasswordField(
    name: &'static str,
    label: &'static str,
    autocomplete: &'static str,
    input: NodeRef<html::Input>,
    #[prop(optional_no_strip)] why: Option<String>,
    #[prop(optional)] more_id: Option<&'static str>,
    #[prop(optional)] on_typed: Option<Callback<()>>,
) -> impl IntoView {
    let locale = locale();
    let is_shown = RwSignal::new(false);
    let described_by = [described_by(name, false, why.is_some()), more_id.map(str::to_owned)];
    let described_by = described_by
        .into_iter()
        .flatten()
        .reduce(|one, other| format!("{one} {other}"));
    let class = if why.is_some() { "field refused" } else { "field" };
    let invalid = why.is_some().then_some("true");
    let typed = move |_| {
        if let Some(tell) = on_typed {
            tell.run(());
        }
    };
    let kind = move || if is_shown.get() { "text" } else { "password" };
    let word = move || match is_shown.get() {
        true => td_string!(locale, frame.hide),
        false => td_string!(locale, frame.show),
    };
    view! {
        <div class=class>
            <label for=name>{label}</label>
            <Why name words=why/>
            <div class="with-button">
                <input
                    class="input"
                    id=name
                    name=name
                    r#type=kind
                    node_ref=input
                    autocomplete=remembered(autocomplete)
                    autocapitalize="off"
                    spellcheck="false"
                    prop:value=""
                    on:input=typed
                    aria-describedby=described_by
                    aria-invalid=invalid
                />
                <button
                    class="with-scripts"
                    r#type="button"
                    aria-controls=name
                    aria-pressed=move || is_shown.get().to_string()
                    on:click=move |_| is_shown.update(|shown| *shown = !*shown)
                >
                    {word}
                </button>
            </div>
        </div>
    }
}
