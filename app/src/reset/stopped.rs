//! It is over, and nothing was changed: why, as far as it may be told, and at least one thing to do.

use super::api;
use super::help::HelpForm;
use super::page::Around;
use super::wizard::Post;
use crate::i18n::{locale, td_string};
use crate::ui::{
    Choice, ChoiceLink, Facts, Fields, Form, Heading, Icon, Moment, Reference, icon, in_kiosk, refusal_words,
};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::Refusal;

/// The end without a new password.
#[component]
pub(super) fn Stopped(around: Around, refusal: Refusal) -> impl IntoView {
    let locale = locale();
    let wizard = around.wizard;
    let lead = match &refusal {
        Refusal::Blocked { .. } => td_string!(locale, reset.stopped.blocked_lead).to_owned(),
        other => refusal_words(other),
    };
    let until = match refusal {
        Refusal::Blocked { until } => Some(until),
        _ => None,
    };
    let hint = match refusal {
        Refusal::NotLocked => td_string!(locale, reset.done.unlocked_lead),
        _ => td_string!(locale, reset.stopped.signin_hint),
    };
    let again = Box::new(move |_: &Fields| wizard.post(Post::Cancel));
    view! {
        <span class="sign warn">{icon(picture(&refusal))}</span>
        <Heading arrived=around.arrived words=heading(&refusal).to_owned() lead=Some(lead)/>
        {until.map(|until| {
            let rows = vec![(td_string!(locale, reset.stopped.until), view! { <Moment at=until/> }.into_any())];
            view! { <Facts rows/> }
        })}
        <div class="stack">
            <h2>{td_string!(locale, reset.stopped.now)}</h2>
            <Form class="choices" action=api::Cancel::PATH waiting=wizard.waiting() send=again>
                <Choice
                    name="again"
                    value=""
                    picture=Icon::Again
                    words=td_string!(locale, reset.stopped.again).to_owned()
                    hint=td_string!(locale, reset.stopped.again_hint).to_owned()
                />
            </Form>
            {(!in_kiosk()).then(|| view! {
                <ChoiceLink
                    href="/signin".to_owned()
                    picture=Icon::SignIn
                    words=td_string!(locale, reset.stopped.signin).to_owned()
                    hint=hint.to_owned()
                />
            })}
            <Person around/>
        </div>
    }
}

/// The helpdesk.
#[component]
fn Person(around: Around) -> impl IntoView {
    let reference = around.reference.clone();
    view! {
        <HelpForm around/>
        {reference.map(|reference| view! { <Reference reference/> })}
    }
}

fn heading(refusal: &Refusal) -> &'static str {
    let locale = locale();
    match refusal {
        Refusal::Expired => td_string!(locale, reset.stopped.expired),
        Refusal::Cancelled => td_string!(locale, reset.stopped.cancelled),
        Refusal::NotLocked => td_string!(locale, reset.stopped.not_locked),
        Refusal::Blocked { .. } => td_string!(locale, reset.stopped.blocked),
        _ => td_string!(locale, reset.stopped.heading),
    }
}

const fn picture(refusal: &Refusal) -> Icon {
    match refusal {
        Refusal::Expired | Refusal::Blocked { .. } => Icon::Pause,
        _ => Icon::Stop,
    }
}
