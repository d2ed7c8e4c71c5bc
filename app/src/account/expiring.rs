//! A word ahead, before a password expires.

use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Notice, Tone, moment};
use leptos::prelude::*;
use regain_domain::Timestamp;

/// The password stops to be good before long; nothing where it does not.
#[component]
pub(crate) fn Expiring(at: Option<Timestamp>) -> impl IntoView {
    let words = move |at: Timestamp| td_string!(locale(), account.home.expires, time = isolated(&moment(at)));
    at.map(|at| view! { <Notice tone=Tone::Warn words=words(at)/> })
}
