//! The page's heading, which takes the focus after a step.

use leptos::{html, prelude::*};

/// `arrived`: the person came here by a step, not by loading the page. `lead` says what comes.
#[component]
pub(crate) fn Heading(arrived: bool, words: String, #[prop(optional_no_strip)] lead: Option<String>) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move || {
        if let (true, Some(element)) = (arrived, heading.get()) {
            let _ = element.focus();
        }
    });
    view! {
        <div class="stack-s">
            <h1 tabindex="-1" node_ref=heading>{words}</h1>
            {lead.map(|words| view! { <p class="soft">{words}</p> })}
        </div>
    }
}
