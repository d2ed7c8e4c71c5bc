//! The proof with a passkey.

use crate::i18n::{locale, td_string};
use crate::ui::{Answered, Heading, Passkey};
use leptos::prelude::*;

/// Has the browser ask for it, at once if the person has just chosen it.
#[component]
pub(crate) fn PasskeyProof(action: &'static str, options: String, send: Answered, arrived: bool) -> impl IntoView {
    let locale = locale();
    view! {
        <Heading
            arrived
            words=td_string!(locale, reset.choose.passkey).to_owned()
            lead=Some(td_string!(locale, reset.choose.passkey_hint).to_owned())
        />
        <Passkey action words=td_string!(locale, reset.prove.passkey_send) options is_new=false starts=arrived send/>
    }
}
