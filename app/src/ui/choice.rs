//! One of several ways on: a tall row of picture, name, and what will happen.

use super::{Icon, icon};
use leptos::prelude::*;

/// A row that is a button: it sends the form around it, with its name and value.
#[component]
pub(crate) fn Choice(
    name: &'static str,
    value: &'static str,
    picture: Icon,
    words: String,
    hint: String,
) -> impl IntoView {
    view! { <button class="choice" name=name value=value>{inside(picture, words, hint)}</button> }
}

/// A row that is a link.
#[component]
pub(crate) fn ChoiceLink(href: String, picture: Icon, words: String, hint: String) -> impl IntoView {
    view! { <a class="choice" href=href>{inside(picture, words, hint)}</a> }
}

fn inside(picture: Icon, words: String, hint: String) -> impl IntoView {
    view! {
        <span class="pic">{icon(picture)}</span>
        <span><b>{words}</b><small>{hint}</small></span>
        <span class="go" aria-hidden="true"></span>
    }
}
