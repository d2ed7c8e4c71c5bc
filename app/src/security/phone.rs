//! A phone with Regain's own authenticator on its way: a link that adds it, and the number that it is asked for.

use super::api;
use super::destination::poll;
use super::enrol::Around;
use super::page::Post;
use crate::gate::{AskedPhone, Waiting};
use crate::i18n::{locale, td_string};
use crate::ui::{Button, Fields, Form, Heading, Notice, QrCode, Tone};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::registration::Picture;

/// The link, as a picture for the phone or as it is for a browser on this device; once a phone is there it is asked.
#[component]
pub(super) fn Link(around: Around, picture: Picture, link: String, is_linked: bool) -> impl IntoView {
    let locale = locale();
    let state = around.state;
    let (_, above) = around.whys(|_| false);
    let heading = td_string!(locale, security.enrol.phone_heading);
    let above = above.map(|words| view! { <Notice tone=Tone::Bad is_alert=true words/> });
    if is_linked && !around.refusals.is_empty() {
        // What was refused is not tried again by itself.
        let send = Box::new(move |_: &Fields| state.post(Post::EnrolCollect));
        let lead = td_string!(locale, security.enrol.phone_again_lead).to_owned();
        return view! {
            <Heading arrived=around.arrived words=heading.to_owned() lead=Some(lead)/>
            {above}
            <Form class="actions" action=api::Enrol::PATH waiting=state.waiting() send>
                <Button words=td_string!(locale, security.enrol.phone_again) waiting=state.waiting()/>
            </Form>
        }
        .into_any();
    }
    let asked = AskedPhone {
        heading,
        lead: td_string!(locale, security.enrol.phone_lead).to_owned(),
        number: None,
        is_answered: is_linked,
        seconds_left: None,
    };
    let collect = Callback::new(move |()| state.post(Post::EnrolCollect));
    view! {
        {above}
        <Waiting asked action=api::Enrol::PATH waiting=state.waiting() collect poll arrived=around.arrived/>
        <QrCode picture label=td_string!(locale, security.enrol.phone_picture)/>
        <details class="more">
            <summary>{td_string!(locale, security.enrol.app_other)}</summary>
            <p><a class="phone-link" href=link target="_blank" rel="noopener">{td_string!(locale, security.enrol.phone_link)}</a></p>
        </details>
    }
    .into_any()
}

/// The number that is typed in the app.
#[component]
pub(super) fn Number(around: Around, number: String, is_answered: bool, seconds_left: u32) -> impl IntoView {
    let state = around.state;
    let collect = Callback::new(move |()| state.post(Post::EnrolCollect));
    let asked = AskedPhone::of(Some(number), None, is_answered, seconds_left);
    view! { <Waiting asked action=api::Enrol::PATH waiting=state.waiting() collect poll arrived=around.arrived/> }
}
