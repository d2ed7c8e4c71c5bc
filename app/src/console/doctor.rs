//! The doctor: a name, and what the wizard would do for it, step by step.

use super::frame::ConsoleFrame;
use super::guarded::guarded;
use super::words;
use super::{api, converged};
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Button, Field, Heading, Icon, Notice, Tone, icon, refusal_words};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::Refusal;
use regain_domain::gate::Gate;
use regain_domain::policy::doctor::{DoctorView, Findings};
use regain_domain::policy::{Check, Disclosure, Withheld};

/// Its address.
pub(super) const PATH: &str = "/console/doctor";

/// The page.
pub(crate) fn doctor() -> AnyView {
    let title = td_string!(locale(), console.doctor.name);
    guarded(title, PATH, api::look_doctor, |view| view! { <Page view/> }.into_any())
}

#[component]
fn Page(view: DoctorView) -> impl IntoView {
    let locale = locale();
    let name = td_string!(locale, console.doctor.name);
    let why = view.refusal.as_ref().map(refusal_words);
    let refusal = view.refusal.as_ref().map(Refusal::code);
    let found = view.findings.map(|findings| view! { <Found findings/> });
    // It leads to the page with what was found, so that the browser sends it by itself.
    view! {
        <ConsoleFrame title=name step="doctor" refusal roles=view.reader.roles here=PATH>
            <Heading
                arrived=false
                words=name.to_owned()
                lead=Some(td_string!(locale, console.doctor.lead).to_owned())
            />
            <form class="stack narrow" action=api::Diagnose::PATH method="post" novalidate=true>
                <Field
                    name="username"
                    label=td_string!(locale, console.doctor.label)
                    autocomplete="off"
                    value=view.typed
                    maxlength=200
                    why
                />
                <div class="actions"><Button words=td_string!(locale, console.doctor.look)/></div>
            </form>
            {found}
        </ConsoleFrame>
    }
}

/// The verdict first, then each step on the way to it.
#[component]
pub(super) fn Found(findings: Findings) -> impl IntoView {
    let locale = locale();
    let name = isolated(&findings.user_name);
    let verdict = match findings.refusal() {
        None => {
            let words = td_string!(locale, console.doctor.can, name = name, n = findings.n_needed);
            view! { <Notice tone=Tone::Good words is_alert=true/> }
        }
        Some(refusal) => {
            let why = words::why(refusal);
            let words = td_string!(locale, console.doctor.cannot, name = name, why = why);
            view! { <Notice tone=Tone::Bad words is_alert=true/> }
        }
    };
    let outsiders = match findings.disclosure {
        Disclosure::Explicit => td_string!(locale, console.doctor.told),
        Disclosure::Auto => td_string!(locale, console.doctor.told_trusted),
        Disclosure::Discreet => td_string!(locale, console.doctor.not_told),
    };
    let steps: Vec<_> = findings
        .checks
        .into_iter()
        .map(|(check, failure)| view! { <Step check failure/> })
        .collect();
    let methods: Vec<_> = findings
        .methods
        .into_iter()
        .map(|(gate, hint)| {
            let hint = hint.map(|hint| view! { " " <bdi dir="ltr" class="soft">{hint}</bdi> });
            view! { <li>{words::gate(gate)}{hint}</li> }
        })
        .collect();
    let methods = match methods.is_empty() {
        true => view! { <p class="soft">{td_string!(locale, console.doctor.no_methods)}</p> }.into_any(),
        false => view! { <ol class="people">{methods}</ol> }.into_any(),
    };
    view! {
        {verdict}
        <section class="panel stack-s" aria-labelledby="steps">
            <h2 id="steps">{td_string!(locale, console.doctor.steps)}</h2>
            <ul class="steps-of">{steps}</ul>
        </section>
        <section class="panel stack-s" aria-labelledby="ways">
            <h2 id="ways">{td_string!(locale, console.doctor.methods)}</h2>
            {methods}
            <KeptBack withheld=findings.withheld/>
            <p class="small soft">{outsiders}</p>
        </section>
    }
}

/// The methods that they have and that do not count, each with why.
#[component]
fn KeptBack(withheld: Vec<(Gate, Withheld)>) -> impl IntoView {
    let rows: Vec<_> = withheld
        .into_iter()
        .map(|(gate, why)| {
            view! { <li>{words::gate(gate)} <span class="soft">" · " {converged::withheld(why)}</span></li> }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <h3>{td_string!(locale(), console.methods.withheld)}</h3>
            <ul class="people">{rows}</ul>
        }
    })
}

#[component]
fn Step(check: Check, failure: Option<Refusal>) -> impl IntoView {
    let locale = locale();
    let (class, picture, said) = match &failure {
        None => ("well", Icon::Tick, td_string!(locale, console.doctor.yes)),
        Some(_) => ("ill", Icon::Stop, td_string!(locale, console.doctor.no)),
    };
    let why = failure.map(|refusal| view! { <span class="soft">" · " {words::why(&refusal)}</span> });
    view! {
        <li class=class>
            {icon(picture)}
            <span><span class="hide-visually">{said} " "</span>{words::check(check)}{why}</span>
        </li>
    }
}
