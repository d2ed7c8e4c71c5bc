//! The main part of a page: where one is, why a post was refused, and the card with the matter.

use super::FaultNote;
use crate::Fault;
use leptos::prelude::*;
use leptos_meta::Title;

/// `step` and `refusal` are the codes that scripts hold on to (`contract.md`); a fault goes before a refusal.
#[component]
pub(crate) fn Frame(
    title: String,
    step: &'static str,
    #[prop(optional_no_strip)] refusal: Option<&'static str>,
    #[prop(into)] fault: Signal<Option<Fault>>,
    children: Children,
) -> impl IntoView {
    let refusal = move || fault.read().as_ref().map(Fault::code).or(refusal);
    view! {
        <Title text=title/>
        <main class="sheet" id="main" data-step=step data-refusal=refusal>
            <div class="card stack-l">
                <FaultNote fault/>
                {children()}
            </div>
        </main>
    }
}
