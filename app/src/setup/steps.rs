//! The forms of the set-up behind its key.

use super::api;
use super::words;
use crate::i18n::{isolated, locale, td_string};
use crate::security::AppSecret;
use crate::ui::{Button, CodeField, Facts, Field as Line, NewPassword, Notice, Tone};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::people::Field;
use regain_domain::setup::{SetupField, SetupPage, SetupStep, Summary};

/// Longest text in a field.
const MOST: usize = 2_000;

/// The form of a page.
#[component]
pub(super) fn Matter(page: SetupPage) -> impl IntoView {
    match page.step {
        SetupStep::Organisation => view! { <Organisation page/> }.into_any(),
        SetupStep::Admin => view! { <Admin page/> }.into_any(),
        SetupStep::App => view! { <App page/> }.into_any(),
        SetupStep::People => view! { <People page/> }.into_any(),
        SetupStep::Review => page.summary.map(|summary| view! { <Review summary/> }).into_any(),
    }
}

#[component]
fn Organisation(page: SetupPage) -> impl IntoView {
    let fields = lines(&page, &[SetupField::Name, SetupField::Address, SetupField::Domains]);
    view! {
        <form class="stack-l" action=api::Organisation::PATH method="post" novalidate=true>
            {fields}
            <Onward/>
        </form>
    }
}

#[component]
fn Admin(page: SetupPage) -> impl IntoView {
    let fields = [
        Field::UserName,
        Field::GivenName,
        Field::FamilyName,
        Field::Mail,
        Field::AlternateMail,
    ];
    let fields = lines(&page, &fields.map(SetupField::Person));
    view! {
        <form class="stack-l" action=api::Admin::PATH method="post" novalidate=true>
            {fields}
            <Password page/>
            <Onward/>
        </form>
    }
}

#[component]
fn App(page: SetupPage) -> impl IntoView {
    let locale = locale();
    let why = page.wrong(SetupField::Code).map(words::wrong);
    let app = page.app.map(|app| view! { <AppSecret app/> });
    view! {
        {app}
        <form class="stack-l" action=api::App::PATH method="post" novalidate=true>
            <CodeField label=td_string!(locale, reset.prove.code_label) why/>
            <Onward/>
        </form>
    }
}

#[component]
fn People(page: SetupPage) -> impl IntoView {
    let locale = locale();
    let person = [Field::UserName, Field::GivenName, Field::FamilyName];
    let person = lines(&page, &person.map(SetupField::Person));
    let group = lines(&page, &[SetupField::Group]);
    view! {
        <form class="stack-l" action=api::People::PATH method="post" novalidate=true>
            {person}
            <Password page/>
            <p class="small soft">{td_string!(locale, setup.people.password)}</p>
            {group}
            <Onward/>
        </form>
    }
}

/// All that is about to be made, and where it will be.
#[component]
fn Review(summary: Summary) -> impl IntoView {
    let locale = locale();
    let ltr = |text: String| view! { <bdi dir="ltr">{text}</bdi> }.into_any();
    let address = summary.address.clone();
    let rows = vec![
        (
            td_string!(locale, setup.organisation.name),
            isolated(&summary.name).into_any(),
        ),
        (td_string!(locale, setup.organisation.address), ltr(summary.address)),
        (
            td_string!(locale, setup.organisation.domains),
            ltr(summary.domains.join(", ")),
        ),
        (td_string!(locale, setup.review.admin), ltr(summary.admin)),
        (td_string!(locale, setup.review.admin_mail), ltr(summary.admin_mail)),
        (td_string!(locale, setup.review.person), ltr(summary.person)),
        (
            td_string!(locale, setup.people.group),
            isolated(&summary.group).into_any(),
        ),
    ];
    let words = td_string!(locale, setup.review.moves, address = isolated(&address));
    view! {
        <Facts rows/>
        <Notice tone=Tone::Plain words/>
        <form class="actions" action=api::Finish::PATH method="post">
            <Button words=td_string!(locale, setup.review.send)/>
        </form>
    }
}

#[component]
fn Password(page: SetupPage) -> impl IntoView {
    let why = [SetupField::NewPassword, SetupField::ConfirmPassword];
    let why = why.map(|field| page.wrong(field).map(words::wrong));
    let user_name = page.text(SetupField::Person(Field::UserName)).to_owned();
    page.rules.map(|rules| view! { <NewPassword user_name rules why/> })
}

#[component]
fn Onward() -> impl IntoView {
    view! { <div class="actions"><Button words=td_string!(locale(), setup.next)/></div> }
}

fn lines(page: &SetupPage, fields: &[SetupField]) -> Vec<AnyView> {
    fields.iter().map(|field| line(page, *field)).collect()
}

fn line(page: &SetupPage, field: SetupField) -> AnyView {
    let (label, hint) = words::field(field);
    let (name, value) = (field.code(), page.text(field).to_owned());
    let why = page.wrong(field).map(words::wrong);
    match hint {
        "" => view! { <Line name label autocomplete="off" value maxlength=MOST why/> }.into_any(),
        hint => {
            let hint = hint.to_owned();
            view! { <Line name label autocomplete="off" value maxlength=MOST hint why/> }.into_any()
        }
    }
}
