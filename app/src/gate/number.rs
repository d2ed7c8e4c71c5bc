//! A telephone number, typed in full before anything goes to it (R15).

use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Button, Field, Form, Heading, Send};
use leptos::prelude::*;

/// The form. `hint`: the masked number, where it may be shown.
#[component]
pub(crate) fn Number(
    action: &'static str,
    #[prop(into)] waiting: Signal<bool>,
    send: Send,
    hint: Option<String>,
    why: Option<String>,
    arrived: bool,
) -> impl IntoView {
    let locale = locale();
    let lead = match hint {
        Some(masked) => td_string!(locale, reset.prove.number_lead_to, number = isolated(&masked)),
        None => td_string!(locale, reset.prove.number_lead).to_owned(),
    };
    view! {
        <Heading arrived words=td_string!(locale, reset.prove.number_heading).to_owned() lead=Some(lead)/>
        <Form class="stack-l" action waiting send>
            <Field
                name="destination"
                kind="tel"
                autocomplete="tel"
                label=td_string!(locale, reset.prove.number_label)
                hint=td_string!(locale, reset.prove.number_hint).to_owned()
                why
            />
            <div class="actions"><Button words=td_string!(locale, reset.prove.send) waiting/></div>
        </Form>
    }
}
