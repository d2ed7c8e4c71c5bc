//! First step: who are you, and are you a person?

use super::api;
use super::captcha::Captcha;
use super::page::Around;
use super::proof::{Proof, prove_work};
use super::wizard::{Identity, Post};
use crate::i18n::{isolated, locale, td_string};
use crate::kiosk::ByPhone;
use crate::ui::{Button, Field, Fields, Form, Heading, Notice, Place, Rank, Steps, Tone, in_kiosk};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::flow::CaptchaOffer;

/// A form that works without scripts: name and captcha are sent together.
#[component]
pub(super) fn Identify(
    around: Around,
    user_name: String,
    captcha: CaptchaOffer,
    is_off: bool,
    domain: String,
    unlock: Option<bool>,
) -> impl IntoView {
    let locale = locale();
    let proof = prove_work();
    let held = hold_until_solved(&around, proof);
    let wizard = around.wizard;
    let waiting = Signal::derive(move || wizard.waiting().get() || held.read().is_some());
    let send = Box::new(move |fields: &Fields| {
        let who = identity(fields, &proof.get_untracked());
        let is_other_way = !who.captcha_answer.is_empty() || !who.captcha_wait.is_empty();
        if proof.with_untracked(Proof::is_under_way) && !is_other_way {
            held.set(Some(who));
        } else {
            wizard.post(Post::Identify(who));
        }
    });
    let example = format!("{}@{domain}", td_string!(locale, reset.identify.example));
    let hint = td_string!(locale, reset.identify.name_hint, example = isolated(&example));
    let (name_why, captcha_why) = (around.why(&[Place::Name, Place::Field]), around.why(&[Place::Captcha]));
    let is_fresh = captcha.wait.is_none() && captcha_why.is_none();
    view! {
        <Steps words=td_string!(locale, reset.steps.identify).to_owned() now=1/>
        <Heading
            arrived=around.arrived
            words=td_string!(locale, reset.identify.heading).to_owned()
            lead=Some(td_string!(locale, reset.identify.lead).to_owned())
        />
        {is_off.then(|| view! { <Notice tone=Tone::Warn words=td_string!(locale, reset.identify.off).to_owned()/> })}
        <Form class="stack-l" action=api::Identify::PATH waiting send>
            // Enter presses the first button of a form: this one, not the one that waits.
            <button class="hide-visually" tabindex="-1" aria-hidden="true">{td_string!(locale, reset.identify.send)}</button>
            <Field
                name="username"
                autocomplete="username"
                label=td_string!(locale, reset.identify.name_label)
                hint
                value=user_name
                why=name_why
            />
            {unlock.map(|is_unlock| view! { <Intent is_unlock/> })}
            <Captcha wizard proof offer=captcha why=captcha_why is_fresh/>
            <div class="actions">
                <Button words=td_string!(locale, reset.identify.send) waiting/>
                {(!in_kiosk()).then(|| view! {
                    <a class=Rank::Quiet.class() href="/signin">{td_string!(locale, reset.identify.back)}</a>
                })}
            </div>
        </Form>
        {around.handoff.map(|handoff| view! { <ByPhone handoff/> })}
    }
}

/// A new password, or only the lock lifted?
#[component]
fn Intent(is_unlock: bool) -> impl IntoView {
    let locale = locale();
    view! {
        <fieldset class="stack-s">
            <legend class="legend">{td_string!(locale, reset.identify.intent)}</legend>
            <label class="option">
                <input type="radio" name="intent" value="reset" checked=!is_unlock/>
                <span>{td_string!(locale, reset.identify.intent_reset)}</span>
            </label>
            <label class="option">
                <input type="radio" name="intent" value="unlock" checked=is_unlock/>
                <span>{td_string!(locale, reset.identify.intent_unlock)}</span>
            </label>
        </fieldset>
    }
}

fn identity(fields: &Fields, proof: &Proof) -> Identity {
    Identity {
        user_name: fields.text("username"),
        captcha: proof.solution().unwrap_or_default().to_owned(),
        captcha_ticket: fields.text("captcha_ticket"),
        captcha_answer: fields.text("captcha_answer"),
        captcha_wait: fields.text("captcha_wait"),
        intent: fields.text("intent"),
    }
}

/// A form that is sent before the work is proved waits here, and goes when it is.
fn hold_until_solved(around: &Around, proof: RwSignal<Proof>) -> RwSignal<Option<Identity>> {
    let wizard = around.wizard;
    let held = RwSignal::new(None::<Identity>);
    Effect::new(move || {
        let proof = proof.read();
        if let (false, Some(who)) = (proof.is_under_way(), held.get()) {
            let captcha = proof.solution().unwrap_or_default().to_owned();
            drop(proof);
            held.set(None);
            wizard.post(Post::Identify(Identity { captcha, ..who }));
        }
    });
    held
}
