//! The proof: an address or number to send to, a code, answers, a passkey, or a phone that is waited for.

use super::api;
use super::choose::Where;
use super::help::Helpless;
use super::leave::Leave;
use super::page::Around;
use super::wizard::Post;
use crate::Typed;
use crate::gate::{AskedPhone, Number, PasskeyProof, Resend, Waiting, code_words};
use crate::i18n::{locale, td_string};
use crate::ui::{ANSWERS, AnswerField, Button, CodeField, Field, Fields, Form, Heading, Place, Rank};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::flow::{Asked, Progress, ProveForm};
use regain_domain::gate::Gate;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// What is asked for, a new code, another way, and help.
#[component]
pub(super) fn Prove(around: Around, progress: Progress, gate: Gate, form: ProveForm) -> impl IntoView {
    let locale = locale();
    let wizard = around.wizard;
    let other = td_string!(locale, reset.prove.other);
    let (asked, resend_in) = match form {
        ProveForm::Destination { hint } if gate.is_phone() => (number(&around, hint), None),
        ProveForm::Destination { .. } => (address(&around), None),
        ProveForm::Waiting {
            hint,
            number,
            is_answered,
            seconds_left,
        } => {
            let asked = AskedPhone::of(number, hint, is_answered, seconds_left);
            (asked_phone(&around, asked), None)
        }
        ProveForm::Passkey(options) => (passkey(&around, options), None),
        ProveForm::Questions(asked) => (questions(&around, asked), None),
        ProveForm::Code { hint, resend_in } => (code(&around, gate, hint), resend_in),
    };
    let back = Box::new(move |_: &Fields| wizard.post(Post::Choose(String::new())));
    view! {
        <Where progress/>
        {asked}
        <div class="actions">
            {resend_in.map(|seconds| {
                let send = Box::new(move |_: &Fields| wizard.post(Post::Choose(gate.code().to_owned())));
                view! { <Resend action=api::Choose::PATH waiting=wizard.waiting() send seconds value=gate.code()/> }
            })}
            <Form class="actions" action=api::Choose::PATH waiting=wizard.waiting() send=back>
                <Button rank=Rank::Quiet words=other name="method" value=String::new()/>
            </Form>
        </div>
        <Helpless summary=td_string!(locale, reset.prove.none) around=around.clone()/>
        <Leave around/>
    }
}

fn number(around: &Around, hint: Option<String>) -> AnyView {
    let wizard = around.wizard;
    let why = around.why(&[Place::Destination, Place::Code, Place::Field]);
    let send = Box::new(move |fields: &Fields| wizard.post(Post::Destination(fields.text("destination"))));
    view! { <Number action=api::Prove::PATH waiting=wizard.waiting() send hint why arrived=around.arrived/> }.into_any()
}

fn asked_phone(around: &Around, asked: AskedPhone) -> AnyView {
    let wizard = around.wizard;
    let collect = Callback::new(move |()| wizard.post(Post::Collect));
    view! { <Waiting asked action=api::Prove::PATH waiting=wizard.waiting() collect poll arrived=around.arrived/> }
        .into_any()
}

fn passkey(around: &Around, options: String) -> AnyView {
    let wizard = around.wizard;
    let send = Rc::new(move |answer| wizard.post(Post::Passkey(Typed::new(answer))));
    view! { <PasskeyProof action=api::Prove::PATH options send arrived=around.arrived/> }.into_any()
}

/// Whether the wizard's page has something to collect by now, or is another one.
fn poll() -> Pin<Box<dyn Future<Output = bool>>> {
    Box::pin(async {
        let screen = api::look(true, String::new()).await;
        screen.is_ok_and(|screen| !screen.step.is_waiting())
    })
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

fn questions(around: &Around, asked: Vec<Asked>) -> AnyView {
    let locale = locale();
    let wizard = around.wizard;
    let (heading, lead) = code_words(Gate::Questions, None);
    let rows: Vec<_> = asked
        .into_iter()
        .zip(1..)
        .zip(ANSWERS)
        .map(|((asked, field), name)| {
            let why = around.why(&[Place::Answer(field)]);
            view! { <AnswerField name label=asked.words question=asked.code why/> }
        })
        .collect();
    let send = Box::new(move |fields: &Fields| {
        wizard.post(Post::Answers(ANSWERS.map(|name| Typed::new(fields.text(name)))));
    });
    view! {
        <Heading arrived=around.arrived words=heading.to_owned() lead=Some(lead)/>
        <Form class="stack-l" action=api::Prove::PATH waiting=wizard.waiting() send>
            {rows}
            <div class="actions"><Button words=td_string!(locale, reset.prove.send) waiting=wizard.waiting()/></div>
        </Form>
    }
    .into_any()
}

fn code(around: &Around, gate: Gate, hint: Option<String>) -> AnyView {
    let locale = locale();
    let wizard = around.wizard;
    let why = around.why(&[Place::Code, Place::Destination, Place::Field]);
    let (heading, lead) = code_words(gate, hint);
    let send = Box::new(move |fields: &Fields| wizard.post(Post::Code(Typed::new(fields.text("code")))));
    view! {
        <Heading arrived=around.arrived words=heading.to_owned() lead=Some(lead)/>
        <Form class="stack-l" action=api::Prove::PATH waiting=wizard.waiting() send>
            {code_field(gate, why)}
            <div class="actions"><Button words=td_string!(locale, reset.prove.send) waiting=wizard.waiting()/></div>
        </Form>
    }
    .into_any()
}

fn code_field(gate: Gate, why: Option<String>) -> AnyView {
    let locale = locale();
    match gate {
        Gate::OneTimePass => {
            let hint = td_string!(locale, reset.prove.pass_hint);
            view! { <CodeField label=td_string!(locale, reset.prove.pass_label) hint why is_long=true/> }.into_any()
        }
        _ => view! { <CodeField label=td_string!(locale, reset.prove.code_label) why/> }.into_any(),
    }
}
