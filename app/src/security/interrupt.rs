//! What sign-in leads to: the ways that are missing, or a look over those that are there; and putting it off.

use super::api;
use super::methods::{Folded, Kinds, Left, Method, Notices};
use super::page::Security;
use crate::account::{Onward, SignOut};
use crate::i18n::{locale, td_string};
use crate::ui::{Button, Heading, Moment, Notice, Rank, Tone};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::Timestamp;
use regain_domain::gate::MethodKind;
use regain_domain::registration::{Interrupt, Listed, Overview, Skip};

/// What comes, before it is asked who it is.
pub(super) fn opening(due: Interrupt) -> (&'static str, String) {
    let locale = locale();
    match due {
        Interrupt::Register { have, need, .. } => (
            td_string!(locale, security.due.register_heading),
            td_string!(locale, security.due.register_lead, have = have, need = need),
        ),
        Interrupt::Reconfirm { days, .. } => (
            td_string!(locale, security.due.review_first),
            td_string!(locale, security.due.review_lead, days = days),
        ),
    }
}

/// The page of what is due.
#[component]
pub(super) fn Due(state: Security, overview: Overview, due: Interrupt, arrived: bool) -> impl IntoView {
    match due {
        Interrupt::Register { .. } => view! { <Missing state overview due arrived/> }.into_any(),
        Interrupt::Reconfirm { .. } => view! { <Review state overview due arrived/> }.into_any(),
    }
}

/// What to set up next, the best way first.
#[component]
fn Missing(state: Security, overview: Overview, due: Interrupt, arrived: bool) -> impl IntoView {
    let locale = locale();
    let (heading, lead) = opening(due);
    let mut kinds = overview.missing.into_iter();
    let best = kinds.next();
    let others: Vec<MethodKind> = kinds.collect();
    let others = (!others.is_empty()).then(|| {
        view! {
            <details class="more">
                <summary>{td_string!(locale, security.due.other)}</summary>
                <Kinds state kinds=others/>
            </details>
        }
    });
    view! {
        <Heading arrived words=heading.to_owned() lead=Some(lead)/>
        <Notices said=overview.said refusal=overview.refusal/>
        <section class="stack">
            <h2>{td_string!(locale, security.due.best)}</h2>
            <Kinds state kinds=best.into_iter().collect()/>
            {others}
        </section>
        <SoFar state methods=overview.methods renews=overview.renews_answers/>
        <hr class="rule"/>
        <PutOff skip=due.skip()/>
        <Left state seconds=overview.seconds_left/>
    }
}

#[component]
fn SoFar(state: Security, methods: Vec<Listed>, renews: bool) -> impl IntoView {
    let locale = locale();
    (!methods.is_empty()).then(|| {
        let rows: Vec<_> = methods
            .into_iter()
            .map(|listed| view! { <Method state listed renews/> })
            .collect();
        view! {
            <section class="stack">
                <h2>{td_string!(locale, security.due.so_far)}</h2>
                <ul class="methods">{rows}</ul>
            </section>
        }
    })
}

/// All methods: are they right?
#[component]
fn Review(state: Security, overview: Overview, due: Interrupt, arrived: bool) -> impl IntoView {
    let locale = locale();
    let (_, lead) = opening(due);
    let drops = overview
        .drops_answers
        .then(|| view! { <Notice tone=Tone::Warn words=td_string!(locale, security.due.drops_answers).to_owned()/> });
    let renews = overview.renews_answers;
    let rows: Vec<_> = overview
        .methods
        .into_iter()
        .map(|listed| view! { <Method state listed renews is_reviewed=true/> })
        .collect();
    view! {
        <Heading arrived words=td_string!(locale, security.due.review_heading).to_owned() lead=Some(lead)/>
        <Notices said=overview.said refusal=overview.refusal/>
        {drops}
        <ul class="methods">{rows}</ul>
        // Leads to another page, so that the browser sends it by itself.
        <form class="actions" action=api::Reconfirm::PATH method="post">
            <Button words=td_string!(locale, security.due.right)/>
        </form>
        <Folded state offers=overview.offers/>
        <hr class="rule"/>
        <PutOff skip=due.skip()/>
        <Left state seconds=overview.seconds_left/>
    }
}

/// Not now, where that may be; else the way out. Either leads to another page, so that the browser sends it by itself.
#[component]
pub(super) fn PutOff(skip: Skip) -> impl IntoView {
    let locale = locale();
    match skip {
        Skip::No => view! {
            <form class="actions" action=SignOut::PATH method="post">
                <Button rank=Rank::Second words=td_string!(locale, account.home.signout)/>
                // Nobody is kept from the rest: they are asked again at the next sign-in.
                <a class=Rank::Quiet.class() href="/">{td_string!(locale, security.back)}</a>
                <p class="small soft">{td_string!(locale, security.due.no_more)}</p>
            </form>
        }
        .into_any(),
        Skip::Yes { n_left, until } => view! {
            <form class="actions" action=api::Skip::PATH method="post">
                <input type="hidden" name="to" value=Onward::asked().code()/>
                <Button rank=Rank::Second words=td_string!(locale, security.due.later)/>
                <Ends n_left until/>
            </form>
        }
        .into_any(),
    }
}

/// How often that can still be said, and until when.
#[component]
fn Ends(n_left: Option<u32>, until: Option<Timestamp>) -> impl IntoView {
    let locale = locale();
    let often = match (n_left, until) {
        (Some(n), _) => Some(td_string!(locale, security.due.n_left, n = n)),
        (None, None) => Some(td_string!(locale, security.due.again).to_owned()),
        (None, Some(_)) => None,
    };
    let until = until.map(|at| {
        view! { <span>{td_string!(locale, security.due.until)} " " <Moment at/></span> }
    });
    view! { <p class="small soft">{often} " " {until}</p> }
}
