//! A method on its way: its address or number, its code, a new passkey, or the secret for an app.

use super::api;
use super::destination::{Call, Code, Destination};
use super::methods::kind_words;
use super::page::{Post, Security};
use super::phone::{Link, Number};
use crate::Typed;
use crate::i18n::{locale, span, td_string};
use crate::ui::{
    ANSWERS, AnswerField, Button, CodeField, Fields, Form, Heading, Notice, Passkey, Place, QUESTIONS, QrCode, Rank,
    SelectField, Tone, count_down, why,
};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::Refusal;
use regain_domain::flow::Asked;
use regain_domain::gate::MethodKind;
use regain_domain::registration::{AppKey, EnrolForm, Enrolling};
use std::rc::Rc;

/// What every step of it may need.
#[derive(Clone)]
pub(super) struct Around {
    pub(super) state: Security,
    pub(super) kind: MethodKind,
    pub(super) refusals: Vec<Refusal>,
    pub(super) arrived: bool,
}

/// The step, and the way out.
#[component]
pub(super) fn Enrol(state: Security, enrolling: Enrolling, arrived: bool) -> impl IntoView {
    let locale = locale();
    let Enrolling {
        kind,
        form,
        refusals,
        seconds_left,
    } = enrolling;
    let around = Around {
        state,
        kind,
        refusals,
        arrived,
    };
    let matter = match form {
        EnrolForm::Destination { typed } => view! { <Destination around typed/> }.into_any(),
        EnrolForm::Code { to, channel, resend_in } => view! { <Code around to channel resend_in/> }.into_any(),
        EnrolForm::Call {
            to,
            is_answered,
            seconds_left,
        } => view! { <Call around to is_answered seconds_left/> }.into_any(),
        EnrolForm::Link {
            picture,
            link,
            is_linked,
        } => view! { <Link around picture link is_linked/> }.into_any(),
        EnrolForm::Number {
            number,
            is_answered,
            seconds_left,
        } => view! { <Number around number is_answered seconds_left/> }.into_any(),
        EnrolForm::Questions { offered, chosen, n } => view! { <Questions around offered chosen n/> }.into_any(),
        EnrolForm::Passkey { options } => view! { <NewPasskey around options/> }.into_any(),
        EnrolForm::App(app) => view! { <App around app/> }.into_any(),
    };
    let leave = Box::new(move |_: &Fields| state.post(Post::Leave));
    view! {
        {matter}
        <hr class="rule"/>
        <div class="actions">
            <Form class="actions" action=api::Leave::PATH waiting=state.waiting() send=leave>
                <Button rank=Rank::Quiet words=td_string!(locale, security.enrol.leave)/>
            </Form>
            <Ending state seconds=seconds_left/>
        </div>
    }
}

/// Time that is left; at its end the page shows where one is.
#[component]
fn Ending(state: Security, seconds: u32) -> impl IntoView {
    let left = count_down(seconds);
    Effect::new(move || {
        if left.get() == 0 && seconds > 0 {
            state.post(Post::Look);
        }
    });
    view! {
        <p class="small soft">
            {td_string!(locale(), security.enrol.left)} " " <bdi dir="ltr" class="number">{move || span(left.get())}</bdi>
        </p>
    }
}

impl Around {
    /// The words of refusals at these places, and of all others.
    pub(super) fn whys(&self, at: impl Fn(Place) -> bool) -> (Option<String>, Option<String>) {
        (why(&self.refusals, &at), why(&self.refusals, |place| !at(place)))
    }
}

/// A new passkey: the browser asks where to keep it.
#[component]
fn NewPasskey(around: Around, options: String) -> impl IntoView {
    let locale = locale();
    let state = around.state;
    let starts = around.arrived && around.refusals.is_empty();
    let (_, above) = around.whys(|_| false);
    view! {
        <Heading
            arrived=around.arrived
            words=kind_words(around.kind).1.to_owned()
            lead=Some(td_string!(locale, security.enrol.passkey_lead).to_owned())
        />
        {above.map(|words| view! { <Notice tone=Tone::Bad is_alert=true words/> })}
        <Passkey
            action=api::Passkey::PATH
            words=td_string!(locale, security.enrol.passkey_send)
            options
            is_new=true
            starts
            send=Rc::new(move |answer| state.post(Post::EnrolPasskey(Typed::new(answer))))
        />
    }
}

/// The secret for an app: a picture to be scanned, or a link or text where there is no second device.
#[component]
fn App(around: Around, app: AppKey) -> impl IntoView {
    let locale = locale();
    let heading = kind_words(around.kind).1.to_owned();
    view! {
        <Heading
            arrived=around.arrived
            words=heading
            lead=Some(td_string!(locale, security.enrol.app_lead).to_owned())
        />
        <AppSecret app/>
        <CodeForm around/>
    }
}

/// What an app takes the secret over by.
#[component]
pub(crate) fn AppSecret(app: AppKey) -> impl IntoView {
    let locale = locale();
    view! {
        <QrCode picture=app.picture label=td_string!(locale, security.enrol.app_picture)/>
        <details class="more">
            <summary>{td_string!(locale, security.enrol.app_other)}</summary>
            <div class="stack">
                <p>{td_string!(locale, security.enrol.app_key)}</p>
                <p class="reference"><bdi dir="ltr">{app.key}</bdi></p>
                <p><a href=app.link>{td_string!(locale, security.enrol.app_link)}</a></p>
            </div>
        </details>
    }
}

/// Questions to choose and to answer, all at once.
#[component]
fn Questions(around: Around, offered: Vec<Asked>, chosen: Vec<String>, n: u32) -> impl IntoView {
    let locale = locale();
    let state = around.state;
    let (_, above) = around.whys(|place| matches!(place, Place::Question(_) | Place::Answer(_)));
    let send = Box::new(move |fields: &Fields| {
        let questions = QUESTIONS.map(|name| fields.text(name));
        state.post(Post::Answers(
            questions,
            ANSWERS.map(|name| Typed::new(fields.text(name))),
        ));
    });
    let rows: Vec<_> = (1..=n)
        .zip(QUESTIONS)
        .zip(ANSWERS)
        .enumerate()
        .map(|(at, ((field, question), answer))| {
            // None is chosen beforehand: what most people left as it is would tell them from decoys (R22).
            let former = chosen.get(at).cloned().unwrap_or_default();
            let nothing = (
                String::new(),
                td_string!(locale, security.enrol.question_choose).to_owned(),
            );
            let rows = offered.iter().map(|asked| (asked.code.clone(), asked.words.clone()));
            let rows = std::iter::once(nothing).chain(rows).collect();
            let asked: String = td_string!(locale, security.enrol.question_label, n = field);
            let answered: String = td_string!(locale, security.enrol.answer_label, n = field);
            let (why_question, why_answer) = (
                why(&around.refusals, |place| place == Place::Question(field)),
                why(&around.refusals, |place| place == Place::Answer(field)),
            );
            view! {
                <div class="stack-s">
                    <SelectField name=question label=asked rows chosen=former why=why_question/>
                    <AnswerField name=answer label=answered why=why_answer/>
                </div>
            }
        })
        .collect();
    view! {
        <Heading
            arrived=around.arrived
            words=kind_words(around.kind).1.to_owned()
            lead=Some(td_string!(locale, security.enrol.questions_lead).to_owned())
        />
        {above.map(|words| view! { <Notice tone=Tone::Bad is_alert=true words/> })}
        <Form class="stack-l" action=api::Questions::PATH waiting=state.waiting() send>
            {rows}
            <div class="actions"><Button words=td_string!(locale, security.enrol.send) waiting=state.waiting()/></div>
        </Form>
    }
}

/// The field for a code, and what it adds.
#[component]
pub(super) fn CodeForm(around: Around) -> impl IntoView {
    let locale = locale();
    let state = around.state;
    let (at_field, above) = around.whys(|place| matches!(place, Place::Code | Place::Field));
    let send = Box::new(move |fields: &Fields| state.post(Post::EnrolCode(Typed::new(fields.text("code")))));
    view! {
        {above.map(|words| view! { <Notice tone=Tone::Bad is_alert=true words/> })}
        <Form class="stack-l" action=api::Enrol::PATH waiting=state.waiting() send>
            <CodeField label=td_string!(locale, reset.prove.code_label) why=at_field/>
            <div class="actions"><Button words=td_string!(locale, security.enrol.send) waiting=state.waiting()/></div>
        </Form>
    }
}
