//! The way to a person, from any step: the helpdesk's link, or a request that Regain passes on.

use super::api;
use super::page::Around;
use super::wizard::Post;
use crate::i18n::{locale, td_string};
use crate::ui::{Choice, Fields, Form, HelpChoice, Icon, Notice, Reference, Tone};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::flow::HelpRequest;

/// "I don't have any of these": folded until it is wanted.
#[component]
pub(super) fn Helpless(summary: &'static str, around: Around) -> impl IntoView {
    let reference = around.reference.clone();
    let is_open = around.help_request == HelpRequest::Done;
    view! {
        <details class="more" open=is_open>
            <summary>{summary}</summary>
            <div class="stack">
                <HelpForm around/>
                {reference.map(|reference| view! { <Reference reference/> })}
            </div>
        </details>
    }
}

/// The tenant's link, and a button that asks the helpdesk in the person's stead; where there is neither, in words.
#[component]
pub(super) fn HelpForm(around: Around) -> impl IntoView {
    let locale = locale();
    let wizard = around.wizard;
    let link = around.help.map(|link| view! { <HelpChoice link/> });
    let ask = match around.help_request {
        HelpRequest::No if link.is_none() => {
            view! { <Notice tone=Tone::Plain words=td_string!(locale, reset.help.nobody).to_owned()/> }.into_any()
        }
        HelpRequest::No => ().into_any(),
        HelpRequest::Done => {
            let heading = Some(td_string!(locale, reset.help.asked));
            view! { <Notice tone=Tone::Good heading words=td_string!(locale, reset.help.asked_hint).to_owned()/> }
                .into_any()
        }
        HelpRequest::Open => {
            let send = Box::new(move |_: &Fields| wizard.post(Post::Help));
            view! {
                <Form class="choices" action=api::Help::PATH waiting=wizard.waiting() send>
                    <Choice
                        name="ask"
                        value=""
                        picture=Icon::Call
                        words=td_string!(locale, reset.help.ask).to_owned()
                        hint=td_string!(locale, reset.help.ask_hint).to_owned()
                    />
                </Form>
            }
            .into_any()
        }
    };
    view! { {link} {ask} }
}
