//! Which gate? Each row is a button of one form, so it works with scripts off.

use super::api;
use super::help::Helpless;
use super::leave::Leave;
use super::page::Around;
use super::wizard::Post;
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Choice, Fields, Form, Heading, Icon, Notice, Steps, Tone};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::flow::{GateOffer, Progress};
use regain_domain::gate::Gate;

/// The gates to choose from.
#[component]
pub(super) fn Choose(around: Around, progress: Progress, gates: Vec<GateOffer>) -> impl IntoView {
    let locale = locale();
    let wizard = around.wizard;
    let lead = match (progress.n_passed, progress.n_needed) {
        (0, 0 | 1) => td_string!(locale, reset.choose.lead_one),
        (0, _) => td_string!(locale, reset.choose.lead_two),
        _ => td_string!(locale, reset.choose.lead_next),
    };
    let is_empty = gates.is_empty();
    let rows: Vec<_> = gates.into_iter().map(row).collect();
    let send = Box::new(move |fields: &Fields| wizard.post(Post::Choose(fields.text("method"))));
    view! {
        <Where progress/>
        <Heading
            arrived=around.arrived
            words=td_string!(locale, reset.choose.heading).to_owned()
            lead=Some(lead.to_owned())
        />
        {is_empty.then(|| view! { <Notice tone=Tone::Warn words=td_string!(locale, reset.choose.empty).to_owned()/> })}
        <Form class="choices" action=api::Choose::PATH waiting=wizard.waiting() send>{rows}</Form>
        <Helpless summary=td_string!(locale, reset.choose.none) around=around.clone()/>
        <Leave around/>
    }
}

fn row(offer: GateOffer) -> impl IntoView {
    let locale = locale();
    let (picture, words, hint) = match offer.gate {
        Gate::AppCode => (
            Icon::Key,
            td_string!(locale, reset.choose.app_code),
            td_string!(locale, reset.choose.app_code_hint).to_owned(),
        ),
        Gate::Email => (
            Icon::Mail,
            td_string!(locale, reset.choose.email),
            email_hint(offer.hint),
        ),
    };
    view! { <Choice name="method" value=offer.gate.code() picture words=words.to_owned() hint/> }
}

fn email_hint(masked: Option<String>) -> String {
    let locale = locale();
    match masked {
        Some(address) => td_string!(locale, reset.choose.email_to, address = isolated(&address)),
        None => td_string!(locale, reset.choose.email_hint).into(),
    }
}

/// The step in words, and a bar: identify, the proofs, the password.
#[component]
pub(super) fn Where(progress: Progress, #[prop(optional)] is_proved: bool) -> impl IntoView {
    let locale = locale();
    let all = progress.n_needed + 2;
    let now = if is_proved {
        all
    } else {
        (progress.n_passed + 2).min(all - 1)
    };
    let what = match (is_proved, progress.n_passed, progress.n_needed) {
        (true, _, _) => td_string!(locale, reset.steps.password),
        (_, _, 0 | 1) => td_string!(locale, reset.steps.only),
        (_, 0, _) => td_string!(locale, reset.steps.first),
        _ => td_string!(locale, reset.steps.second),
    };
    view! { <Steps words=td_string!(locale, reset.steps.step, n = now, all = all, what = what) now all/> }
}
