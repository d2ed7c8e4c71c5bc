//! Where am I: words first, a bar second.

use leptos::prelude::*;

/// `now` counts from 1; without `all` there is no bar.
#[component]
pub(crate) fn Steps(words: String, now: u32, #[prop(optional)] all: u32) -> impl IntoView {
    let bars: Vec<_> = (1..=all)
        .map(|nth| {
            let class = match nth.cmp(&now) {
                std::cmp::Ordering::Less => "past",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "",
            };
            view! { <i class=class></i> }
        })
        .collect();
    let bar = (all > 0).then(|| view! { <div class="bar" aria-hidden="true">{bars}</div> });
    view! { <div class="where"><span>{words}</span>{bar}</div> }
}
