//! The way to a person: the tenant's helpdesk, and what to say there.

use super::{ChoiceLink, Icon};
use crate::i18n::{isolated, locale, td_string};
use leptos::prelude::*;
use regain_domain::brand::HelpLink;

/// The helpdesk as a row to choose.
#[component]
pub(crate) fn HelpChoice(link: HelpLink) -> impl IntoView {
    let locale = locale();
    let (picture, words) = match &link {
        HelpLink::Phone(_) => (Icon::Call, td_string!(locale, reset.help.call)),
        HelpLink::Mail(_) => (Icon::Mail, td_string!(locale, reset.help.write)),
        HelpLink::Url(_) => (Icon::Globe, td_string!(locale, reset.help.visit)),
    };
    view! { <ChoiceLink href=link.href() picture words=words.to_owned() hint=isolated(link.text())/> }
}

/// What to say to the helpdesk.
#[component]
pub(crate) fn Reference(reference: String) -> impl IntoView {
    view! { <p class="reference">{td_string!(locale(), frame.reference)} " " <bdi dir="ltr">{reference}</bdi></p> }
}
