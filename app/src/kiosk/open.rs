//! Where an enrolled workstation begins: its client brings a ticket behind the `#`, which no request carries. It is spent, and
//! the page goes on to the wizard, which says whether the workstation is known (R58).

use super::api;
use crate::i18n::{locale, td_string};
use crate::roots::go;
use crate::ui::{Frame, Heading, KIOSK, Rank};
use crate::{Fault, Typed};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How often it is tried, and how long it waits in between: together less than a ticket lasts.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(5);

/// The page, which nobody sees for long.
pub(crate) fn opening() -> AnyView {
    let locale = locale();
    let fault = RwSignal::new(None);
    Effect::new(move || {
        let ticket = window().location().hash().unwrap_or_default();
        match ticket.trim_start_matches('#') {
            "" => go(KIOSK),
            ticket => spend(ticket.to_owned(), fault, TRIES),
        }
    });
    view! {
        <Frame title=td_string!(locale, kiosk.opening).to_owned() step="opening" fault>
            <Heading
                arrived=false
                words=td_string!(locale, kiosk.opening).to_owned()
                lead=Some(td_string!(locale, kiosk.opening_lead).to_owned())
            />
            <div class="actions"><a class=Rank::Second.class() href=KIOSK>{td_string!(locale, kiosk.opening_on)}</a></div>
        </Frame>
    }
    .into_any()
}

/// Spends the ticket and goes on. Where no answer comes it tries again, and says so in the end.
fn spend(ticket: String, fault: RwSignal<Option<Fault>>, tries: u32) {
    spawn_local(async move {
        match api::open(Typed::new(ticket.clone())).await {
            Ok(()) => go(KIOSK),
            Err(_) if tries > 1 => set_timeout(move || spend(ticket, fault, tries - 1), PAUSE),
            Err(why) => fault.set(Some(why)),
        }
    });
}
