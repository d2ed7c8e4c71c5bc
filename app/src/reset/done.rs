//! It is changed: what happened, and what to do now.

use super::leave::AgainButton;
use super::page::Around;
use crate::i18n::{locale, td_string};
use crate::ui::{Facts, Heading, Icon, Moment, Notice, Rank, Tone, icon};
use leptos::prelude::*;
use regain_domain::flow::Summary;

/// The last page. It signs nobody in.
#[component]
pub(super) fn Done(around: Around, summary: Summary) -> impl IntoView {
    let locale = locale();
    let rows = vec![
        (
            td_string!(locale, reset.done.changed),
            view! { <Moment at=summary.changed_at/> }.into_any(),
        ),
        (td_string!(locale, reset.done.ended), number(summary.n_sessions_ended)),
        (td_string!(locale, reset.done.told), number(summary.n_mailboxes)),
    ];
    view! {
        <span class="sign good">{icon(Icon::Tick)}</span>
        <Heading
            arrived=around.arrived
            words=td_string!(locale, reset.done.heading).to_owned()
            lead=Some(td_string!(locale, reset.done.lead).to_owned())
        />
        <Facts rows/>
        <Notice tone=Tone::Warn words=td_string!(locale, reset.done.note).to_owned()/>
        <div class="actions">
            <a class=Rank::First.class() href="/signin">{td_string!(locale, frame.signin)}</a>
            <AgainButton wizard=around.wizard words=td_string!(locale, reset.done.another)/>
        </div>
    }
}

fn number(n: u32) -> AnyView {
    view! { <bdi dir="ltr" class="number">{n}</bdi> }.into_any()
}
