//! The page of the set-up. Its forms post as they are; the program only ticks the rules of a new password.

use super::api;
use super::steps::Matter;
use super::words;
use crate::Fault;
use crate::i18n::{locale, td_string};
use crate::looked::looked;
use crate::ui::{Button, ChoiceLink, Field, Frame, Heading, Icon, Steps, icon};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::setup::{SetupField, SetupPage, SetupScreen, SetupStep, SetupWrong};

/// Longest text in the field of the key.
const KEY_MOST: usize = 64;

/// The page.
pub(crate) fn setup() -> AnyView {
    let looked = looked(api::look);
    view! { <Suspense>{move || Suspend::new(async move { draw(looked.await) })}</Suspense> }.into_any()
}

fn draw(screen: Result<SetupScreen, Fault>) -> AnyView {
    let (step, refusal, fault, matter) = match screen {
        Ok(SetupScreen::Over { .. }) => ("setup-over", None, None, view! { <Over/> }.into_any()),
        Ok(SetupScreen::Key { wrong }) => {
            let code = wrong.as_ref().map(SetupWrong::code);
            ("setup-key", code, None, view! { <Key wrong/> }.into_any())
        }
        Ok(SetupScreen::Page(page)) => {
            let code = page.wrongs.first().map(|(_, wrong)| wrong.code());
            (
                step_code(page.step),
                code,
                None,
                view! { <Page page=*page/> }.into_any(),
            )
        }
        Err(fault) => ("stopped", None, Some(fault), ().into_any()),
    };
    let title = td_string!(locale(), setup.title).to_owned();
    let fault = RwSignal::new(fault);
    view! { <Frame title step refusal fault>{matter}</Frame> }.into_any()
}

const fn step_code(step: SetupStep) -> &'static str {
    match step {
        SetupStep::Organisation => "setup-organisation",
        SetupStep::Admin => "setup-admin",
        SetupStep::App => "setup-app",
        SetupStep::People => "setup-people",
        SetupStep::Review => "setup-review",
    }
}

#[component]
fn Key(wrong: Option<SetupWrong>) -> impl IntoView {
    let locale = locale();
    let (label, hint) = words::field(SetupField::Key);
    view! {
        <Heading
            arrived=false
            words=td_string!(locale, setup.title).to_owned()
            lead=Some(td_string!(locale, setup.key.lead).to_owned())
        />
        <form class="stack-l" action=api::Open::PATH method="post" novalidate=true>
            <Field
                name="key"
                autocomplete="off"
                label
                hint=hint.to_owned()
                maxlength=KEY_MOST
                why=wrong.as_ref().map(words::wrong)
            />
            <div class="actions"><Button words=td_string!(locale, setup.key.send)/></div>
        </form>
        <p class="small soft">{td_string!(locale, setup.key.lost)}</p>
    }
}

#[component]
fn Page(page: SetupPage) -> impl IntoView {
    let locale = locale();
    let (name, lead) = words::step(page.step);
    let number = page.step.number();
    let all = SetupStep::Review.number();
    let before = SetupStep::ALL.into_iter().rfind(|step| *step < page.step);
    view! {
        <Steps words=td_string!(locale, setup.step, number = number, all = all) now=number all=all/>
        <Heading arrived=false words=name.to_owned() lead=Some(lead.to_owned())/>
        <Matter page/>
        {before.map(|step| view! {
            <hr class="rule"/>
            <form class="actions" action=api::Back::PATH method="post">
                <input type="hidden" name="step" value=step.code()/>
                <button class="button quiet">{td_string!(locale, setup.back)}</button>
            </form>
        })}
    }
}

/// There is an organisation.
#[component]
fn Over() -> impl IntoView {
    let locale = locale();
    view! {
        <span class="sign good">{icon(Icon::Tick)}</span>
        <Heading
            arrived=false
            words=td_string!(locale, setup.over.heading).to_owned()
            lead=Some(td_string!(locale, setup.over.lead).to_owned())
        />
        <div class="choices">
            <ChoiceLink
                href="/signin".to_owned()
                picture=Icon::SignIn
                words=td_string!(locale, setup.over.signin).to_owned()
                hint=td_string!(locale, setup.over.signin_hint).to_owned()
            />
            <ChoiceLink
                href="/console/setup".to_owned()
                picture=Icon::Info
                words=td_string!(locale, setup.over.rollout).to_owned()
                hint=td_string!(locale, setup.over.rollout_hint).to_owned()
            />
        </div>
    }
}
