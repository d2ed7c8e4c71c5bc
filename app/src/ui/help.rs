//! The way to a person: the tenant's helpdesk, and what to say there.

use super::{ChoiceLink, Icon, in_kiosk};
use crate::i18n::{isolated, locale, td_string};
use leptos::prelude::*;
use regain_domain::brand::HelpLink;

/// The helpdesk as a row to choose; in a kiosk, which dials and opens nothing, in words (R58).
#[component]
pub(crate) fn HelpChoice(link: HelpLink) -> impl IntoView {
    let locale = locale();
    if in_kiosk() {
        let words = link.text().to_owned();
        return view! { <p class="reference">{td_string!(locale, frame.helpdesk)} " " <bdi dir="ltr">{words}</bdi></p> }
            .into_any();
    }
    let (picture, words) = match &link {
        HelpLink::Phone(_) => (Icon::Call, td_string!(locale, reset.help.call)),
        HelpLink::Mail(_) => (Icon::Mail, td_string!(locale, reset.help.write)),
        HelpLink::Url(_) => (Icon::Globe, td_string!(locale, reset.help.visit)),
    };
    view! { <ChoiceLink href=link.href() picture words=words.to_owned() hint=isolated(link.text())/> }.into_any()
}

/// What to say to the helpdesk.
#[component]
pub(crate) fn Reference(reference: String) -> impl IntoView {
    view! { <p class="reference">{td_string!(locale(), frame.reference)} " " <bdi dir="ltr">{reference}</bdi></p> }
}
