//! A new password in place of the forgotten one.

use super::api;
use super::choose::Where;
use super::leave::Leave;
use super::page::Around;
use super::wizard::Post;
use crate::Typed;
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Button, Fields, Form, Heading, NewPassword, Place};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::flow::Progress;
use regain_domain::password::Shown;

/// The form.
#[component]
pub(super) fn Password(around: Around, user_name: String, rules: Shown, progress: Progress) -> impl IntoView {
    let locale = locale();
    let wizard = around.wizard;
    let why = [
        around.why(&[Place::Password, Place::Field]),
        around.why(&[Place::Repeat]),
    ];
    let send = Box::new(move |fields: &Fields| {
        let (new, repeated) = (
            Typed::new(fields.text("new_password")),
            Typed::new(fields.text("confirm_password")),
        );
        wizard.post(Post::Password(new, repeated));
    });
    view! {
        <Where progress is_proved=true/>
        <Heading
            arrived=around.arrived
            words=td_string!(locale, reset.password.heading).to_owned()
            lead=Some(td_string!(locale, reset.password.lead, name = isolated(&user_name)))
        />
        <Form class="stack-l" action=api::Password::PATH waiting=wizard.waiting() send>
            <NewPassword user_name rules why/>
            <div class="stack-s">
                <div class="actions"><Button words=td_string!(locale, reset.password.send) waiting=wizard.waiting()/></div>
                <p class="small soft">{td_string!(locale, reset.password.after)}</p>
            </div>
        </Form>
        <Leave around/>
    }
}
