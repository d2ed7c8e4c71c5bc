//! People: a form to find them, and who was found, one page after the other.

use super::super::frame::ConsoleFrame;
use super::super::guarded::guarded;
use super::{api, words};
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Button, Field, Heading, Rank, SelectField};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::people::{Found, Only, PeopleView, SEARCH_MOST, Search};
use regain_domain::role::Act;

/// Its address.
pub(in super::super) const PATH: &str = "/console/users";

/// The page.
pub(crate) fn people() -> AnyView {
    let title = td_string!(locale(), people.name);
    guarded(title, PATH, api::look_people, |view| view! { <Page view/> }.into_any())
}

#[component]
fn Page(view: PeopleView) -> impl IntoView {
    let locale = locale();
    let name = td_string!(locale, people.name);
    let search = view.search.clone().unwrap_or_default();
    let rows = Only::ALL.map(|only| (only.code().to_owned(), words::only(only).to_owned()));
    let may_make = Act::ManageUsers.is_allowed(&view.reader.roles).then(|| {
        view! {
            <div class="actions">
                <a class=Rank::Second.class() href="/console/users/new">{td_string!(locale, people.newcomer.name)}</a>
                <a class=Rank::Second.class() href="/console/users/import">{td_string!(locale, people.import.name)}</a>
            </div>
        }
    });
    let found = view.search.is_some().then(|| {
        view! { <People search=search.clone() found=view.found next=view.next/> }
    });
    // What it finds is drawn by the page, so that the browser sends it by itself.
    view! {
        <ConsoleFrame title=name step="users" roles=view.reader.roles here=PATH>
            <Heading arrived=false words=name.to_owned() lead=Some(td_string!(locale, people.lead).to_owned())/>
            <form class="stack narrow" role="search" action=api::LookFor::PATH method="post">
                <Field
                    name="find"
                    label=td_string!(locale, people.find)
                    hint=td_string!(locale, people.find_hint).to_owned()
                    autocomplete="off"
                    value=search.words.clone()
                    maxlength=SEARCH_MOST
                />
                <SelectField
                    name="only"
                    label=td_string!(locale, people.only.label).to_owned()
                    rows=rows.to_vec()
                    chosen=search.only.code().to_owned()
                />
                <div class="actions"><Button words=td_string!(locale, people.look)/></div>
            </form>
            {found}
            {may_make}
        </ConsoleFrame>
    }
}

#[component]
fn People(search: Search, found: Vec<Found>, next: Option<String>) -> impl IntoView {
    let locale = locale();
    let is_first = search.after.is_empty();
    let none = found
        .is_empty()
        .then(|| view! { <p class="soft">{td_string!(locale, people.nobody)}</p> });
    let more = next.map(|after| {
        let words = td_string!(locale, people.more);
        view! { <Turn search=search.clone() after words/> }
    });
    let first = (!is_first).then(|| {
        let words = td_string!(locale, people.first);
        view! { <Turn search=search.clone() after=String::new() words/> }
    });
    view! {
        <section class="stack-s" aria-label=td_string!(locale, people.found)>
            {none}
            <Rows found/>
            <div class="actions">{more} {first}</div>
        </section>
    }
}

/// Another page of those who were found.
#[component]
fn Turn(search: Search, after: String, words: &'static str) -> impl IntoView {
    view! {
        <form action=api::LookFor::PATH method="post">
            <input type="hidden" name="find" value=search.words/>
            <input type="hidden" name="only" value=search.only.code()/>
            <input type="hidden" name="after" value=after/>
            <Button rank=Rank::Second words/>
        </form>
    }
}

/// One row a person: a button that opens the record, since the audit is told of it.
#[component]
pub(super) fn Rows(found: Vec<Found>) -> impl IntoView {
    let rows: Vec<_> = found.into_iter().map(|found| view! { <Row found/> }).collect();
    (!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> })
}

#[component]
fn Row(found: Found) -> impl IntoView {
    let locale = locale();
    let status = words::status(found.status).map(|(class, words)| view! { " " <span class=class>{words}</span> });
    let staff = found
        .is_staff
        .then(|| view! { " " <span class="tag">{td_string!(locale, people.staff)}</span> });
    view! {
        <li>
            <form action=api::OpenPerson::PATH method="post">
                <button class="row" name="person" value=found.id.to_string()>
                    <span><b>{isolated(&found.name)}</b> {status} {staff}</span>
                    <small class="soft"><bdi dir="ltr">{found.user_name}</bdi></small>
                </button>
            </form>
        </li>
    }
}
