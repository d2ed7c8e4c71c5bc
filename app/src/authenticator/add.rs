//! Adding an account: by a link that its own page has shown.

use super::phone::Phone;
use crate::i18n::{locale, td_string};
use crate::shell::house_name;
use crate::ui::{Heading, Icon, Rank, icon};
use leptos::prelude::*;

/// No account yet: where the link comes from.
#[component]
pub(super) fn Empty() -> impl IntoView {
    let locale = locale();
    view! {
        <Heading
            arrived=false
            words=td_string!(locale, authenticator.empty.heading).to_owned()
            lead=Some(td_string!(locale, authenticator.empty.lead).to_owned())
        />
        <ol class="stack small">
            <li>{td_string!(locale, authenticator.empty.first)}</li>
            <li>{td_string!(locale, authenticator.empty.second)}</li>
            <li>{td_string!(locale, authenticator.empty.third)}</li>
        </ol>
    }
}

/// A link was followed: nothing is added before the person says so.
#[component]
pub(super) fn Link(phone: Phone) -> impl IntoView {
    let locale = locale();
    let lead: String = td_string!(locale, authenticator.link.lead, house = house_name());
    let busy = move || phone.busy.get().then_some("true");
    view! {
        <span class="sign">{icon(Icon::Key)}</span>
        <Heading arrived=true words=td_string!(locale, authenticator.link.heading).to_owned() lead=Some(lead)/>
        <div class="actions">
            <button class=Rank::First.class() r#type="button" aria-disabled=busy on:click=move |_| phone.add()>
                {td_string!(locale, authenticator.link.add)}
            </button>
            <button class=Rank::Quiet.class() r#type="button" on:click=move |_| phone.leave_link()>
                {td_string!(locale, authenticator.link.leave)}
            </button>
        </div>
    }
}
