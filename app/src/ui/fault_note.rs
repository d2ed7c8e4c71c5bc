//! What a page says when we broke: above the form, which stays as it was.

use super::{Notice, Tone};
use crate::Fault;
use crate::i18n::{locale, span, td_string};
use leptos::prelude::*;

/// The note, while there is something to say.
#[component]
pub(crate) fn FaultNote(fault: Signal<Option<Fault>>) -> impl IntoView {
    move || {
        fault.get().map(|fault| {
            let (heading, hint) = fault_words(&fault);
            let request = match fault {
                Fault::Ours { request_id } if !request_id.is_empty() => Some(request_id),
                _ => None,
            };
            view! {
                <Notice tone=Tone::Bad is_alert=true heading=Some(heading) words=hint/>
                {request.map(|id| view! {
                    <p class="reference">{td_string!(locale(), frame.request)} " " <bdi dir="ltr">{id}</bdi></p>
                })}
            }
        })
    }
}

/// What happened, and what to do.
pub(crate) fn fault_words(fault: &Fault) -> (&'static str, String) {
    let locale = locale();
    let words = |text: &'static str| text.to_owned();
    match fault {
        Fault::Stale => (
            td_string!(locale, frame.fault.stale),
            words(td_string!(locale, frame.fault.stale_hint)),
        ),
        Fault::BadPost => (
            td_string!(locale, frame.fault.bad_post),
            words(td_string!(locale, frame.fault.bad_post_hint)),
        ),
        Fault::Unreached => (
            td_string!(locale, frame.fault.unreached),
            words(td_string!(locale, frame.fault.unreached_hint)),
        ),
        Fault::Busy { seconds } => (
            td_string!(locale, frame.fault.busy),
            td_string!(locale, frame.fault.busy_hint, wait = span(*seconds)),
        ),
        Fault::TooMany { seconds } => (
            td_string!(locale, frame.fault.too_many),
            td_string!(locale, frame.fault.too_many_hint, wait = span(*seconds)),
        ),
        Fault::SignedOut => (
            td_string!(locale, frame.fault.signed_out),
            words(td_string!(locale, frame.fault.signed_out_hint)),
        ),
        Fault::Ours { .. } => (
            td_string!(locale, frame.fault.ours),
            words(td_string!(locale, frame.fault.ours_hint)),
        ),
    }
}
