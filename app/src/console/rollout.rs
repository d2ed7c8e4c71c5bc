//! The way to everybody: steps, each with what shows that it is done, and what to do next.

use super::api;
use super::frame::ConsoleFrame;
use super::guarded::guarded;
use super::people::wrong_words;
use super::versions::Saved;
use super::words::page as page_words;
use crate::i18n::{isolated, locale, td_string};
use crate::security::kind;
use crate::ui::{Button, Field, Heading, Moment, Rank};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::limits::{PLAIN_NAME_MOST, USER_NAME_MOST};
use regain_domain::people::Wrong;
use regain_domain::policy::page::PolicyPage;
use regain_domain::setup::{Finding, Proof, RolloutStep, RolloutView};

/// Its address.
pub(super) const PATH: &str = "/console/setup";

/// The page.
pub(crate) fn rollout() -> AnyView {
    let title = td_string!(locale(), setup.rollout.name);
    guarded(title, PATH, api::look_rollout, |view| view! { <Page view/> }.into_any())
}

#[component]
fn Page(view: RolloutView) -> impl IntoView {
    let locale = locale();
    let name = td_string!(locale, setup.rollout.name);
    let refusal = view.wrongs.iter().flatten().next().map(Wrong::code);
    let next = view.next();
    let lead = match next {
        Some(_) => td_string!(locale, setup.rollout.lead),
        None => td_string!(locale, setup.rollout.all_done),
    };
    let person = view.person.clone();
    let rows: Vec<_> = view
        .findings
        .into_iter()
        .map(|finding| {
            let is_next = Some(finding.step) == next;
            let person = person.clone();
            view! { <Step finding is_next person/> }
        })
        .collect();
    let [person_why, group_why] = view.wrongs.map(|wrong| wrong.as_ref().map(wrong_words));
    view! {
        <ConsoleFrame title=name step="rollout" refusal roles=view.reader.roles here=PATH>
            <Heading arrived=false words=name.to_owned() lead=Some(lead.to_owned())/>
            <div><ol class="versions stack">{rows}</ol></div>
            <form class="stack narrow" action=api::ChoosePilot::PATH method="post" novalidate=true>
                <h2>{td_string!(locale, setup.rollout.choose)}</h2>
                <Field
                    name="person"
                    label=td_string!(locale, setup.rollout.person)
                    autocomplete="off"
                    value=view.person
                    maxlength=USER_NAME_MOST
                    why=person_why
                />
                <Field
                    name="group"
                    label=td_string!(locale, setup.people.group)
                    autocomplete="off"
                    value=view.group
                    maxlength=PLAIN_NAME_MOST
                    why=group_why
                />
                <div class="actions">
                    <Button rank=Rank::Second words=td_string!(locale, setup.rollout.choose_send)/>
                </div>
            </form>
        </ConsoleFrame>
    }
}

/// One step: what it is, what shows that it is done, or what to do.
#[component]
fn Step(finding: Finding, is_next: bool, person: String) -> impl IntoView {
    let locale = locale();
    let Finding { step, proof } = finding;
    let is_done = proof.is_some();
    let tag = match (is_done, is_next) {
        (true, _) => Some(("tag good", td_string!(locale, setup.rollout.done))),
        (false, true) => Some(("tag", td_string!(locale, setup.rollout.next))),
        (false, false) => None,
    };
    let tag = tag.map(|(class, words)| view! { <span class=class>{words}</span> });
    let matter = match proof {
        Some(proof) => view! { <Shows proof/> }.into_any(),
        None => view! { <p>{what(step, &person)}</p> <Way step/> }.into_any(),
    };
    view! {
        <li class="panel stack-s" data-rollout=step.code() data-done=is_done.then_some("")>
            <h2>{name(step)} " " {tag}</h2>
            {matter}
        </li>
    }
}

/// What shows that it is done.
#[component]
fn Shows(proof: Proof) -> impl IntoView {
    let locale = locale();
    match proof {
        Proof::Member { person, group } => {
            let words = td_string!(
                locale,
                setup.rollout.member,
                person = isolated(&person),
                group = isolated(&group)
            );
            view! { <p>{words}</p> }.into_any()
        }
        Proof::Saved(version) => {
            let words = td_string!(locale, setup.rollout.saved, number = version.number);
            view! { <p>{words}</p> <Saved version/> }.into_any()
        }
        Proof::Methods(kinds) => {
            let kinds: Vec<&str> = kinds.into_iter().map(|one| kind(one).1).collect();
            view! { <p>{td_string!(locale, setup.rollout.registered, methods = kinds.join(" · "))}</p> }.into_any()
        }
        Proof::At(at) => view! { <p>{td_string!(locale, setup.rollout.reset_at)} " " <Moment at/></p> }.into_any(),
    }
}

/// Where it is done.
#[component]
fn Way(step: RolloutStep) -> impl IntoView {
    let locale = locale();
    let (href, words) = match step {
        RolloutStep::Pilot => return None,
        RolloutStep::Scope | RolloutStep::Everyone => {
            (PolicyPage::Properties.path(), page_words(PolicyPage::Properties).0)
        }
        RolloutStep::Register => ("/security-info", td_string!(locale, setup.rollout.security_info)),
        RolloutStep::Reset => ("/reset", td_string!(locale, setup.rollout.reset_page)),
    };
    Some(view! { <p><a href=href>{words}</a></p> })
}

fn name(step: RolloutStep) -> &'static str {
    let locale = locale();
    match step {
        RolloutStep::Pilot => td_string!(locale, setup.rollout.step.pilot),
        RolloutStep::Scope => td_string!(locale, setup.rollout.step.scope),
        RolloutStep::Register => td_string!(locale, setup.rollout.step.register),
        RolloutStep::Reset => td_string!(locale, setup.rollout.step.reset),
        RolloutStep::Everyone => td_string!(locale, setup.rollout.step.everyone),
    }
}

/// What to do. `person`: the test user's name; empty where there is none.
fn what(step: RolloutStep, person: &str) -> String {
    let locale = locale();
    let person = match person {
        "" => td_string!(locale, setup.rollout.somebody).to_owned(),
        name => isolated(name),
    };
    match step {
        RolloutStep::Pilot => td_string!(locale, setup.rollout.what.pilot).to_owned(),
        RolloutStep::Scope => td_string!(locale, setup.rollout.what.scope).to_owned(),
        RolloutStep::Register => td_string!(locale, setup.rollout.what.register, person = person),
        RolloutStep::Reset => td_string!(locale, setup.rollout.what.reset, person = person),
        RolloutStep::Everyone => td_string!(locale, setup.rollout.what.everyone).to_owned(),
    }
}
