//! Facts: names and their values, side by side.

use leptos::prelude::*;

/// A list of facts.
#[component]
pub(crate) fn Facts(rows: Vec<(&'static str, AnyView)>) -> impl IntoView {
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
        .collect();
    view! { <dl class="facts">{rows}</dl> }
}
