//! The way out of each open step, the time that is left, and a warning before it ends.

use super::api;
use super::page::Around;
use super::wizard::{Post, Wizard};
use crate::i18n::{locale, span, td_string};
use crate::ui::{Button, Fields, Form, Notice, Rank, Tone, count_down, in_kiosk};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::limits::FLOW_WARNING;

/// Cancel, and the time; a kiosk counts another one (R58).
#[component]
pub(super) fn Leave(around: Around) -> impl IntoView {
    let wizard = around.wizard;
    view! {
        <hr class="rule"/>
        <div class="actions">
            <AgainButton wizard words=td_string!(locale(), reset.leave.cancel)/>
            {around.seconds_left.filter(|_| !in_kiosk()).map(|seconds| view! { <Ending wizard seconds/> })}
        </div>
    }
}

/// Leaves an open flow; of one that is over: starts again.
#[component]
pub(super) fn AgainButton(
    wizard: Wizard,
    words: &'static str,
    #[prop(default = Rank::Quiet)] rank: Rank,
) -> impl IntoView {
    let send = Box::new(move |_: &Fields| wizard.post(Post::Cancel));
    view! {
        <Form class="actions" action=api::Cancel::PATH waiting=wizard.waiting() send>
            <Button rank words/>
        </Form>
    }
}

/// The time in words; two minutes before its end a warning that counts down, and then the page as it is by then.
#[component]
fn Ending(wizard: Wizard, seconds: u32) -> impl IntoView {
    let locale = locale();
    let left = count_down(seconds);
    let is_near = Memo::new(move |_| u64::from(left.get()) <= FLOW_WARNING.as_secs());
    let minutes = Memo::new(move |_| left.get().div_ceil(60));
    Effect::new(move || {
        if left.get() == 0 && seconds > 0 {
            wizard.post(Post::Look);
        }
    });
    let counted = Signal::derive(move || {
        let ending: String = td_string!(locale, reset.leave.ending, wait = span(left.get()));
        format!("{ending}. {}", td_string!(locale, reset.leave.ending_hint))
    });
    view! {
        <p class="small soft" hidden=is_near>
            {td_string!(locale, reset.leave.time)} " " <bdi dir="ltr" class="number">{minutes}</bdi>
        </p>
        <div hidden=move || !is_near.get()>
            // Said once, not each second.
            <span class="hide-visually" role="status">{move || is_near.get().then_some(td_string!(locale, reset.leave.ending_hint))}</span>
            <Notice tone=Tone::Warn words=counted/>
        </div>
    }
}
