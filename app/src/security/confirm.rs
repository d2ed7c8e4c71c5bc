//! Is it still you? The password, and then a method that is registered already.

use super::api;
use super::interrupt::{PutOff, opening};
use super::page::{Post, Security};
use crate::Typed;
use crate::gate::{AskedPhone, Number, PasskeyProof, Resend, Waiting, code_words, row};
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Button, CodeField, Fields, Form, Heading, Notice, PasswordField, Place, Rank, Tone, why};
use leptos::{html, prelude::*, server_fn::ServerFn};
use regain_domain::Refusal;
use regain_domain::flow::{GateOffer, ProveForm, Screen, Step};
use regain_domain::gate::Gate;
use regain_domain::registration::Interrupt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// The password, unless it was typed just now.
#[component]
pub(super) fn Confirm(
    state: Security,
    user_name: String,
    wants_password: bool,
    due: Option<Interrupt>,
    refusal: Option<Refusal>,
    arrived: bool,
) -> impl IntoView {
    let locale = locale();
    let refusals: Vec<Refusal> = refusal.into_iter().collect();
    let is_at_field = |place| wants_password && place == Place::Password;
    let (at_field, above) = (why(&refusals, is_at_field), why(&refusals, |place| !is_at_field(place)));
    let send = Box::new(move |fields: &Fields| {
        state.post(Post::Confirm(Typed::new(fields.text("password"))));
    });
    let is_it_you: String = if wants_password {
        td_string!(locale, security.confirm.lead, name = isolated(&user_name))
    } else {
        td_string!(locale, security.confirm.lead_fresh, name = isolated(&user_name))
    };
    let (heading, lead) = match due {
        Some(due) => opening(due),
        None => (td_string!(locale, security.confirm.heading), is_it_you),
    };
    let back = due
        .is_none()
        .then(|| view! { <a class=Rank::Quiet.class() href="/">{td_string!(locale, security.back)}</a> });
    let put_off = due.map(|due| view! { <PutOff skip=due.skip()/> });
    let input = NodeRef::<html::Input>::new();
    let password = wants_password.then(|| {
        view! {
            <input type="hidden" name="username" autocomplete="username" value=user_name/>
            <PasswordField
                name="password"
                autocomplete="current-password"
                label=td_string!(locale, security.confirm.password_label)
                input
                why=at_field
            />
        }
    });
    view! {
        <Heading arrived words=heading.to_owned() lead=Some(lead)/>
        {above.map(|words| view! { <Notice tone=Tone::Bad is_alert=true words/> })}
        <Form class="stack-l" action=api::Confirm::PATH waiting=state.waiting() send>
            {password}
            <div class="actions">
                <Button words=td_string!(locale, security.confirm.send) waiting=state.waiting()/>
                {back}
            </div>
        </Form>
        {put_off}
    }
}

/// A registered method: which one, and its code.
#[component]
pub(super) fn Prove(state: Security, screen: Screen, due: Option<Interrupt>, arrived: bool) -> impl IntoView {
    let Screen { step, refusals, .. } = screen;
    match step {
        Step::Choose { gates, .. } => view! { <Choose state gates due refusals arrived/> }.into_any(),
        Step::Prove {
            gate,
            form: ProveForm::Code { hint, resend_in },
            ..
        } => view! { <Code state gate hint resend_in refusals arrived/> }.into_any(),
        Step::Prove {
            form: ProveForm::Passkey(options),
            ..
        } => {
            let send = Rc::new(move |answer| state.post(Post::Passkey(Typed::new(answer))));
            view! {
                <PasskeyProof action=api::Prove::PATH options send arrived/>
                <Other state/>
            }
            .into_any()
        }
        Step::Prove {
            form: ProveForm::Destination { hint },
            ..
        } => {
            let send = Box::new(move |fields: &Fields| state.post(Post::Number(fields.text("destination"))));
            let why = why(&refusals, |_| true);
            view! {
                <Number action=api::Prove::PATH waiting=state.waiting() send hint why arrived/>
                <Other state/>
            }
            .into_any()
        }
        Step::Prove {
            form:
                ProveForm::Waiting {
                    hint,
                    number,
                    is_answered,
                    seconds_left,
                },
            ..
        } => {
            let collect = Callback::new(move |()| state.post(Post::Collect));
            let asked = AskedPhone::of(number, hint, is_answered, seconds_left);
            view! {
                <Waiting asked action=api::Prove::PATH waiting=state.waiting() collect poll arrived/>
                <Other state/>
            }
            .into_any()
        }
        _ => ().into_any(),
    }
}

/// Whether the page has something to collect by now, or is another one.
fn poll() -> Pin<Box<dyn Future<Output = bool>>> {
    Box::pin(async { api::look().await.is_ok_and(|screen| !screen.is_waiting()) })
}

/// Back to the choice.
#[component]
fn Other(state: Security) -> impl IntoView {
    let back = Box::new(move |_: &Fields| state.post(Post::Choose(String::new())));
    view! {
        <Form class="actions" action=api::Choose::PATH waiting=state.waiting() send=back>
            <Button
                rank=Rank::Quiet
                words=td_string!(locale(), reset.prove.other)
                name="method"
                value=String::new()
            />
        </Form>
    }
}

#[component]
fn Choose(
    state: Security,
    gates: Vec<GateOffer>,
    due: Option<Interrupt>,
    refusals: Vec<Refusal>,
    arrived: bool,
) -> impl IntoView {
    let locale = locale();
    let rows: Vec<_> = gates.into_iter().map(row).collect();
    let above = why(&refusals, |_| true);
    let send = Box::new(move |fields: &Fields| state.post(Post::Choose(fields.text("method"))));
    view! {
        <Heading
            arrived
            words=td_string!(locale, security.confirm.choose_heading).to_owned()
            lead=Some(td_string!(locale, security.confirm.choose_lead).to_owned())
        />
        {above.map(|words| view! { <Notice tone=Tone::Bad is_alert=true words/> })}
        <Form class="choices" action=api::Choose::PATH waiting=state.waiting() send>{rows}</Form>
        <p class="small soft">{td_string!(locale, security.confirm.lost)}</p>
        <Away due/>
    }
}

/// Back to one's own page, or what there is instead where sign-in led here.
#[component]
fn Away(due: Option<Interrupt>) -> impl IntoView {
    match due {
        Some(due) => view! { <PutOff skip=due.skip()/> }.into_any(),
        None => view! {
            <div class="actions"><a class=Rank::Quiet.class() href="/">{td_string!(locale(), security.back)}</a></div>
        }
        .into_any(),
    }
}

#[component]
fn Code(
    state: Security,
    gate: Gate,
    hint: Option<String>,
    resend_in: Option<u32>,
    refusals: Vec<Refusal>,
    arrived: bool,
) -> impl IntoView {
    let locale = locale();
    let (heading, lead) = code_words(gate, hint);
    let at_code = |place| matches!(place, Place::Code | Place::Field);
    let (at_field, above) = (why(&refusals, at_code), why(&refusals, |place| !at_code(place)));
    let send = Box::new(move |fields: &Fields| state.post(Post::Code(Typed::new(fields.text("code")))));
    let resend = resend_in.map(|seconds| {
        let send = Box::new(move |_: &Fields| state.post(Post::Choose(gate.code().to_owned())));
        view! { <Resend action=api::Choose::PATH waiting=state.waiting() send seconds value=gate.code()/> }
    });
    view! {
        <Heading arrived words=heading.to_owned() lead=Some(lead)/>
        {above.map(|words| view! { <Notice tone=Tone::Bad is_alert=true words/> })}
        <Form class="stack-l" action=api::Prove::PATH waiting=state.waiting() send>
            <CodeField label=td_string!(locale, reset.prove.code_label) why=at_field/>
            <div class="actions"><Button words=td_string!(locale, reset.prove.send) waiting=state.waiting()/></div>
        </Form>
        <div class="actions">
            {resend}
            <Other state/>
        </div>
    }
}
