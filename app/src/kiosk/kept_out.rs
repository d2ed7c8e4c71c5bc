//! A kiosk that is none of the organisation's: nothing of it works but the way to one's own phone (R58).

use super::ByPhone;
use crate::i18n::{locale, td_string};
use crate::ui::{Heading, Icon, KIOSK, Rank, icon, refusal_words};
use leptos::prelude::*;
use regain_domain::Refusal;
use regain_domain::flow::Handoff;

/// Why, and what there is to do.
#[component]
pub(crate) fn KeptOut(arrived: bool, #[prop(optional_no_strip)] handoff: Option<Handoff>) -> impl IntoView {
    let locale = locale();
    view! {
        <span class="sign warn">{icon(Icon::Stop)}</span>
        <Heading
            arrived
            words=td_string!(locale, reset.stopped.kiosk_unknown).to_owned()
            lead=Some(refusal_words(&Refusal::KioskUnknown))
        />
        <div class="actions"><a class=Rank::Second.class() href=KIOSK>{td_string!(locale, frame.again)}</a></div>
        {handoff.map(|handoff| view! { <ByPhone handoff/> })}
    }
}
