//! An address or number on its way: named, and proved by a code or a call.

use super::api;
use super::enrol::{Around, CodeForm};
use super::methods::kind_words;
use super::page::{Post, Security};
use crate::gate::{AskedPhone, Resend, Waiting};
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Button, Field, Fields, Form, Heading, Notice, Place, Rank, Tone};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::gate::MethodKind;
use regain_domain::notice::ChannelKind;
use std::future::Future;
use std::pin::Pin;

/// Which one.
#[component]
pub(super) fn Destination(around: Around, typed: String) -> impl IntoView {
    let locale = locale();
    let (state, kind) = (around.state, around.kind);
    let (at_field, above) = around.whys(|place| matches!(place, Place::Destination | Place::Field));
    let send = Box::new(move |fields: &Fields| state.post(Post::Destination(fields.text("destination"))));
    let (heading, lead, field) = match kind.is_phone() {
        false => (
            td_string!(locale, security.enrol.email_heading),
            td_string!(locale, security.enrol.email_lead),
            view! {
                <Field
                    name="destination"
                    kind="email"
                    autocomplete="email"
                    label=td_string!(locale, security.enrol.email_label)
                    value=typed
                    why=at_field
                />
            }
            .into_any(),
        ),
        true => (
            kind_words(kind).1,
            td_string!(locale, security.enrol.number_lead),
            view! {
                <Field
                    name="destination"
                    kind="tel"
                    autocomplete="tel"
                    label=td_string!(locale, reset.prove.number_label)
                    hint=number_hint(kind).to_owned()
                    value=typed
                    why=at_field
                />
            }
            .into_any(),
        ),
    };
    view! {
        <Heading arrived=around.arrived words=heading.to_owned() lead=Some(lead.to_owned())/>
        {above.map(|words| view! { <Notice tone=Tone::Bad is_alert=true words/> })}
        <Form class="stack-l" action=api::Enrol::PATH waiting=state.waiting() send>
            {field}
            <div class="actions"><Button words=send_words(kind) waiting=state.waiting()/></div>
        </Form>
    }
}

/// An extension belongs to a phone on a desk alone.
fn number_hint(kind: MethodKind) -> &'static str {
    let locale = locale();
    match kind {
        MethodKind::Office => td_string!(locale, security.enrol.number_extension),
        _ => td_string!(locale, reset.prove.number_hint),
    }
}

fn send_words(kind: MethodKind) -> &'static str {
    let locale = locale();
    match kind.is_phone() {
        true => td_string!(locale, security.enrol.number_send),
        false => td_string!(locale, reset.prove.address_send),
    }
}

/// The code that was sent there.
#[component]
pub(super) fn Code(around: Around, to: String, channel: ChannelKind, resend_in: u32) -> impl IntoView {
    let locale = locale();
    let (state, kind) = (around.state, around.kind);
    let again = Box::new(move |_: &Fields| state.post(Post::Again));
    let (heading, lead): (_, String) = match channel {
        ChannelKind::Mail => (
            td_string!(locale, reset.prove.mail_heading),
            td_string!(locale, security.enrol.code_lead, address = isolated(&to)),
        ),
        _ => (
            td_string!(locale, reset.prove.phone_heading),
            td_string!(locale, security.enrol.phone_code_lead, number = isolated(&to)),
        ),
    };
    view! {
        <Heading arrived=around.arrived words=heading.to_owned() lead=Some(lead)/>
        <CodeForm around/>
        <div class="actions">
            <Resend action=api::Again::PATH waiting=state.waiting() send=again seconds=resend_in value=""/>
            <Other state kind/>
        </div>
    }
}

/// The phone that is being called.
#[component]
pub(super) fn Call(around: Around, to: String, is_answered: bool, seconds_left: u32) -> impl IntoView {
    let locale = locale();
    let (state, kind) = (around.state, around.kind);
    let collect = Callback::new(move |()| state.post(Post::EnrolCollect));
    let again = Box::new(move |_: &Fields| state.post(Post::Again));
    let (_, above) = around.whys(|_| false);
    let asked = AskedPhone {
        lead: td_string!(locale, security.enrol.call_lead, number = isolated(&to)),
        ..AskedPhone::of(None, None, is_answered, seconds_left)
    };
    view! {
        {above.map(|words| view! { <Notice tone=Tone::Bad is_alert=true words/> })}
        <Waiting asked action=api::Enrol::PATH waiting=state.waiting() collect poll arrived=around.arrived/>
        <div class="actions">
            <Form class="actions" action=api::Again::PATH waiting=state.waiting() send=again>
                <Button rank=Rank::Second words=td_string!(locale, security.enrol.call_again)/>
            </Form>
            <Other state kind/>
        </div>
    }
}

/// Whether the page has something to collect by now, or is another one.
pub(super) fn poll() -> Pin<Box<dyn Future<Output = bool>>> {
    Box::pin(async { api::look().await.is_ok_and(|screen| !screen.is_waiting()) })
}

/// Another address or number.
#[component]
fn Other(state: Security, kind: MethodKind) -> impl IntoView {
    let locale = locale();
    let send = Box::new(move |_: &Fields| state.post(Post::Add(kind.code().to_owned())));
    let words = match kind.is_phone() {
        true => td_string!(locale, security.enrol.other_number),
        false => td_string!(locale, security.enrol.other_address),
    };
    view! {
        <Form class="actions" action=api::Add::PATH waiting=state.waiting() send>
            <Button rank=Rank::Quiet words name="kind" value=kind.code().to_owned()/>
        </Form>
    }
}
