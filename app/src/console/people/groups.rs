//! All groups, and the form that makes one.

use super::super::frame::ConsoleFrame;
use super::super::guarded::guarded;
use super::{api, words};
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Button, Field, Heading, Notice, Tone};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::limits::PLAIN_NAME_MOST;
use regain_domain::people::{GroupRow, GroupsView, Wrong};

/// Its address.
pub(in super::super) const PATH: &str = "/console/groups";

/// The page.
pub(crate) fn groups() -> AnyView {
    let title = td_string!(locale(), people.groups.name);
    guarded(title, PATH, api::look_groups, |view| view! { <Page view/> }.into_any())
}

#[component]
fn Page(view: GroupsView) -> impl IntoView {
    let locale = locale();
    let name = td_string!(locale, people.groups.name);
    let refusal = view.refusal.as_ref().map(Wrong::code);
    let removed = view.removed.map(|name| {
        let words = td_string!(locale, people.groups.removed, name = isolated(&name));
        view! { <Notice tone=Tone::Good is_alert=true words/> }
    });
    let none = view
        .groups
        .is_empty()
        .then(|| view! { <p class="soft">{td_string!(locale, people.groups.nothing)}</p> });
    let rows: Vec<_> = view.groups.into_iter().map(|group| view! { <Row group/> }).collect();
    let rows = (!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> });
    view! {
        <ConsoleFrame title=name step="groups" refusal roles=view.reader.roles here=PATH>
            <Heading arrived=false words=name.to_owned() lead=Some(td_string!(locale, people.groups.lead).to_owned())/>
            {removed} {none} {rows}
            <form class="stack narrow" action=api::CreateGroup::PATH method="post" novalidate=true>
                <Field
                    name="name"
                    label=td_string!(locale, people.groups.new_name)
                    autocomplete="off"
                    value=view.typed
                    maxlength=PLAIN_NAME_MOST
                    why=view.refusal.as_ref().map(words::wrong)
                />
                <div class="actions"><Button words=td_string!(locale, people.groups.make)/></div>
            </form>
        </ConsoleFrame>
    }
}

#[component]
fn Row(group: GroupRow) -> impl IntoView {
    let words = td_string!(
        locale(),
        people.groups.holds,
        people = group.n_people,
        groups = group.n_groups
    );
    view! {
        <li>
            <form action=api::OpenGroup::PATH method="post">
                <button class="row" name="group" value=group.id.to_string()>
                    <b>{isolated(&group.name)}</b>
                    <small class="soft">{words}</small>
                </button>
            </form>
        </li>
    }
}
