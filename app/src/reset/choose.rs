//! Which gate? Each row is a button of one form, so it works with scripts off.

use super::api;
use super::help::Helpless;
use super::leave::Leave;
use super::page::Around;
use super::wizard::Post;
use crate::gate::row;
use crate::i18n::{locale, td_string};
use crate::ui::{Button, Fields, Form, Heading, Notice, Rank, Steps, Tone};
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
    let (given, own): (Vec<_>, Vec<_>) = gates.into_iter().partition(|offer| offer.gate == Gate::OneTimePass);
    // Below the others, unless there are no others.
    let (rows, given) = if own.is_empty() { (given, own) } else { (own, given) };
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let given = (!given.is_empty()).then(|| view! { <Given around=around.clone()/> });
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
        {given}
        <Helpless summary=td_string!(locale, reset.choose.none) around=around.clone()/>
        <Leave around/>
    }
}

/// The quiet way to a one-time pass, offered to everybody alike (R22).
#[component]
fn Given(around: Around) -> impl IntoView {
    let wizard = around.wizard;
    let send = Box::new(move |fields: &Fields| wizard.post(Post::Choose(fields.text("method"))));
    view! {
        <Form class="actions" action=api::Choose::PATH waiting=wizard.waiting() send>
            <Button
                rank=Rank::Quiet
                words=td_string!(locale(), reset.choose.one_time_pass)
                name="method"
                value=Gate::OneTimePass.code().to_owned()
            />
        </Form>
    }
}

/// The step in words, and a bar: identify, the proofs, and the password unless the account is only unlocked.
#[component]
pub(super) fn Where(progress: Progress, #[prop(optional)] is_proved: bool) -> impl IntoView {
    let locale = locale();
    let n_proofs = progress.n_needed + 1;
    let all = n_proofs + u32::from(!progress.is_unlock);
    let now = if is_proved {
        all
    } else {
        (progress.n_passed + 2).min(n_proofs)
    };
    let what = match (is_proved, progress.n_passed, progress.n_needed) {
        (true, _, _) => td_string!(locale, reset.steps.password),
        (_, _, 0 | 1) => td_string!(locale, reset.steps.only),
        (_, 0, _) => td_string!(locale, reset.steps.first),
        _ => td_string!(locale, reset.steps.second),
    };
    view! { <Steps words=td_string!(locale, reset.steps.step, n = now, all = all, what = what) now all/> }
}
