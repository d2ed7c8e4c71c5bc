//! The proof: an address to send to, or a code.

use super::api;
use super::choose::Where;
use super::help::Helpless;
use super::leave::Leave;
use super::page::Around;
use super::wizard::Post;
use crate::Typed;
use crate::i18n::{isolated, locale, span, td_string};
use crate::shell::house_name;
use crate::ui::{Button, CodeField, Field, Fields, Form, Heading, Place, Rank, count_down};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::flow::{Progress, ProveForm};
use regain_domain::gate::Gate;
use regain_domain::limits::MAIL_CODE_LIFE;

/// What is asked for, a new code, another way, and help.
#[component]
pub(super) fn Prove(around: Around, progress: Progress, gate: Gate, form: ProveForm) -> impl IntoView {
    let locale = locale();
    let wizard = around.wizard;
    let other = td_string!(locale, reset.prove.other);
    let (asked, resend_in) = match form {
        ProveForm::Destination => (address(&around), None),
        ProveForm::Code { hint, resend_in } => (code(&around, gate, hint), resend_in),
    };
    let back = Box::new(move |_: &Fields| wizard.post(Post::Choose(String::new())));
    view! {
        <Where progress/>
        {asked}
        <div class="actions">
            {resend_in.map(|seconds| view! { <Resend around=around.clone() gate seconds/> })}
            <Form class="actions" action=api::Choose::PATH waiting=wizard.waiting() send=back>
                <Button rank=Rank::Quiet words=other name="method" value=String::new()/>
            </Form>
        </div>
        <Helpless summary=td_string!(locale, reset.prove.none) around=around.clone()/>
        <Leave around/>
    }
}

fn address(around: &Around) -> AnyView {
    let locale = locale();
    let why = around.why(&[Place::Destination, Place::Code, Place::Field]);
    let wizard = around.wizard;
    let send = Box::new(move |fields: &Fields| wizard.post(Post::Destination(fields.text("destination"))));
    view! {
        <Heading
            arrived=around.arrived
            words=td_string!(locale, reset.prove.address_heading).to_owned()
            lead=Some(td_string!(locale, reset.prove.address_lead).to_owned())
        />
        <Form class="stack-l" action=api::Prove::PATH waiting=wizard.waiting() send>
            <Field
                name="destination"
                kind="email"
                autocomplete="email"
                label=td_string!(locale, reset.prove.address_label)
                hint=td_string!(locale, reset.prove.address_hint).to_owned()
                why
            />
            <div class="actions"><Button words=td_string!(locale, reset.prove.address_send) waiting=wizard.waiting()/></div>
        </Form>
    }
    .into_any()
}

fn code(around: &Around, gate: Gate, hint: Option<String>) -> AnyView {
    let locale = locale();
    let wizard = around.wizard;
    let why = around.why(&[Place::Code, Place::Destination, Place::Field]);
    let minutes = MAIL_CODE_LIFE.as_secs() / 60;
    let (heading, lead) = match (gate, hint) {
        (Gate::AppCode, _) => (
            td_string!(locale, reset.prove.app_heading),
            td_string!(locale, reset.prove.app_lead, org = house_name()),
        ),
        (Gate::Email, None) => (
            td_string!(locale, reset.prove.mail_heading),
            td_string!(locale, reset.prove.mail_lead, minutes = minutes),
        ),
        (Gate::Email, Some(hint)) => {
            let lead = td_string!(
                locale,
                reset.prove.mail_lead_to,
                address = isolated(&hint),
                minutes = minutes
            );
            (td_string!(locale, reset.prove.mail_heading), lead)
        }
    };
    let send = Box::new(move |fields: &Fields| wizard.post(Post::Code(Typed::new(fields.text("code")))));
    view! {
        <Heading arrived=around.arrived words=heading.to_owned() lead=Some(lead)/>
        <Form class="stack-l" action=api::Prove::PATH waiting=wizard.waiting() send>
            <CodeField
                label=td_string!(locale, reset.prove.code_label)
                why
            />
            <div class="actions"><Button words=td_string!(locale, reset.prove.send) waiting=wizard.waiting()/></div>
        </Form>
    }
    .into_any()
}

/// A new code, once it can be sent. With scripts off the button is there at once, with the wait in words beside it.
#[component]
fn Resend(around: Around, gate: Gate, seconds: u32) -> impl IntoView {
    let locale = locale();
    let wizard = around.wizard;
    let left = count_down(seconds);
    let send = Box::new(move |_: &Fields| wizard.post(Post::Choose(gate.code().to_owned())));
    let class = move || if left.get() > 0 { "without-scripts" } else { "" };
    view! {
        <span class="with-scripts" hidden=move || left.get() == 0>
            <span class="wait">{move || td_string!(locale, reset.prove.resend_wait, wait = span(left.get()))}</span>
        </span>
        {(seconds > 0).then(|| {
            let words: String = td_string!(locale, reset.prove.resend_wait, wait = span(seconds));
            view! { <span class="small soft without-scripts">{words}</span> }
        })}
        <div class=class>
            <Form action=api::Choose::PATH waiting=wizard.waiting() send>
                <Button
                    rank=Rank::Second
                    words=td_string!(locale, reset.prove.resend)
                    name="method"
                    value=gate.code().to_owned()
                />
            </Form>
        </div>
    }
}
