//! It is changed: what happened, and what to do now.

use super::leave::AgainButton;
use super::page::Around;
use crate::i18n::{locale, td_string};
use crate::ui::{Facts, Heading, Icon, Moment, Notice, Rank, Tone, icon, in_kiosk};
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
    let (heading, lead) = match summary.is_unlocked {
        true => (
            td_string!(locale, reset.done.unlocked_heading),
            td_string!(locale, reset.done.unlocked_lead),
        ),
        false => (
            td_string!(locale, reset.done.heading),
            td_string!(locale, reset.done.lead),
        ),
    };
    let note = (!summary.is_unlocked).then(|| td_string!(locale, reset.done.note).to_owned());
    let wizard = around.wizard;
    let onward = match in_kiosk() {
        true => view! { <AgainButton wizard rank=Rank::First words=td_string!(locale, kiosk.finish)/> }.into_any(),
        false => view! {
            <a class=Rank::First.class() href="/signin">{td_string!(locale, frame.signin)}</a>
            <AgainButton wizard words=td_string!(locale, reset.done.another)/>
        }
        .into_any(),
    };
    view! {
        <span class="sign good">{icon(Icon::Tick)}</span>
        <Heading arrived=around.arrived words=heading.to_owned() lead=Some(lead.to_owned())/>
        <Facts rows/>
        {note.map(|words| view! { <Notice tone=Tone::Warn words/> })}
        <div class="actions">
            {onward}
        </div>
    }
}

fn number(n: u32) -> AnyView {
    view! { <bdi dir="ltr" class="number">{n}</bdi> }.into_any()
}
