//! Buttons: one filled on a page, the rest outlined or quiet.

use leptos::prelude::*;

/// How loud a button is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Rank {
    /// The one filled button of a page.
    #[default]
    First,
    /// Outlined.
    Second,
    /// Like a link.
    Quiet,
}

impl Rank {
    /// The classes of a button or of a link that looks like one.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::First => "button",
            Self::Second => "button second",
            Self::Quiet => "button quiet",
        }
    }
}

/// Sends the form around it; with a name it sends its value too.
#[component]
pub(crate) fn Button(
    words: &'static str,
    #[prop(optional)] rank: Rank,
    #[prop(optional, into)] waiting: Signal<bool>,
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional)] value: Option<String>,
) -> impl IntoView {
    let disabled = move || waiting.get().then_some("true");
    view! { <button class=rank.class() name=name value=value aria-disabled=disabled>{words}</button> }
}
