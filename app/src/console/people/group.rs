//! One group: who is in it, which groups it holds, and how both are changed.

use super::super::frame::ConsoleFrame;
use super::super::guarded::guarded;
use super::groups::PATH as GROUPS;
use super::{api, words};
use crate::i18n::{isolated, locale, td_string};
use crate::roots::go;
use crate::ui::{Button, Field, Heading, Notice, Rank, Tone};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::ids::GroupId;
use regain_domain::limits::USER_NAME_MOST;
use regain_domain::people::{Found, GroupAct, GroupView, Wrong};

/// Its address.
const PATH: &str = "/console/groups/group";

/// The page.
pub(crate) fn group() -> AnyView {
    let title = td_string!(locale(), people.groups.name);
    guarded(title, PATH, api::look_group, opened)
}

/// No group is open: one is chosen first.
fn opened(view: Option<GroupView>) -> AnyView {
    if let Some(view) = view {
        return view! { <Page view/> }.into_any();
    }
    go(GROUPS);
    ().into_any()
}

#[component]
fn Page(view: GroupView) -> impl IntoView {
    let locale = locale();
    let refusal = view.refusal.as_ref().map(Wrong::code);
    let said = view
        .said
        .map(|act| view! { <Notice tone=Tone::Good is_alert=true words=done(act).to_owned()/> });
    // What was refused at the field of a user name is said there.
    let at_field = view.refusal.clone().filter(|_| !view.is_of_groups());
    let wrong = view.refusal.clone().filter(|_| view.is_of_groups());
    let wrong = wrong.map(|wrong| view! { <Notice tone=Tone::Bad is_alert=true words=words::wrong(&wrong)/> });
    view! {
        <ConsoleFrame
            title=td_string!(locale, people.groups.name)
            step="group"
            refusal
            roles=view.reader.roles.clone()
            here=GROUPS
        >
            <Heading
                arrived=false
                words=isolated(&view.name)
                lead=Some(td_string!(locale, people.groups.one_lead).to_owned())
            />
            {said} {wrong}
            <People view=view.clone() why=at_field.as_ref().map(words::wrong)/>
            <Groups view=view.clone()/>
            <Removal view/>
            <div class="actions"><a class=Rank::Second.class() href=GROUPS>{td_string!(locale, people.groups.back)}</a></div>
        </ConsoleFrame>
    }
}

fn done(act: GroupAct) -> &'static str {
    let locale = locale();
    match act {
        GroupAct::Create => td_string!(locale, people.groups.created),
        GroupAct::AddPerson | GroupAct::AddGroup => td_string!(locale, people.groups.added),
        GroupAct::RemovePerson | GroupAct::RemoveGroup => td_string!(locale, people.groups.taken),
        GroupAct::Remove => td_string!(locale, people.groups.gone),
    }
}

#[component]
fn People(view: GroupView, why: Option<String>) -> impl IntoView {
    let locale = locale();
    let group = view.id;
    let none = view
        .people
        .is_empty()
        .then(|| view! { <p class="soft">{td_string!(locale, people.groups.empty)}</p> });
    let rows: Vec<_> = view
        .people
        .into_iter()
        .map(|found| view! { <Person group found/> })
        .collect();
    let more = view.next.map(|after| {
        view! {
            <form action=api::OpenGroup::PATH method="post">
                <input type="hidden" name="group" value=group.to_string()/>
                <input type="hidden" name="after" value=after/>
                <Button rank=Rank::Second words=td_string!(locale, people.more)/>
            </form>
        }
    });
    view! {
        <section class="panel stack" aria-labelledby="members">
            <h2 id="members">{td_string!(locale, people.groups.people)}</h2>
            {none}
            <ul class="rows">{rows}</ul>
            {more}
            <form class="stack narrow" action=api::ChangeGroup::PATH method="post" novalidate=true>
                <input type="hidden" name="group" value=group.to_string()/>
                <input type="hidden" name="act" value=GroupAct::AddPerson.code()/>
                <Field
                    name="who"
                    label=td_string!(locale, people.groups.user_name)
                    autocomplete="off"
                    value=view.typed
                    maxlength=USER_NAME_MOST
                    why
                />
                <div class="actions"><Button words=td_string!(locale, people.groups.add)/></div>
            </form>
        </section>
    }
}

#[component]
fn Person(group: GroupId, found: Found) -> impl IntoView {
    let name = isolated(&found.name);
    let words = td_string!(locale(), people.groups.take_out);
    let label = td_string!(locale(), people.groups.take_out_name, name = name.clone());
    view! {
        <li class="row">
            <span><b>{name}</b> " " <small class="soft"><bdi dir="ltr">{found.user_name}</bdi></small></span>
            <Take group act=GroupAct::RemovePerson who=found.id.to_string() words label/>
        </li>
    }
}

/// A small form that takes somebody or something out.
#[component]
fn Take(group: GroupId, act: GroupAct, who: String, words: &'static str, label: String) -> impl IntoView {
    view! {
        <form action=api::ChangeGroup::PATH method="post">
            <input type="hidden" name="group" value=group.to_string()/>
            <input type="hidden" name="act" value=act.code()/>
            <button class=Rank::Quiet.class() name="who" value=who aria-label=label>{words}</button>
        </form>
    }
}

#[component]
fn Groups(view: GroupView) -> impl IntoView {
    let locale = locale();
    let group = view.id;
    let none = view
        .groups
        .is_empty()
        .then(|| view! { <p class="soft">{td_string!(locale, people.groups.no_groups)}</p> });
    let rows: Vec<_> = view
        .groups
        .into_iter()
        .map(|(id, name)| {
            let name = isolated(&name);
            let words = td_string!(locale, people.groups.take_out);
            let label = td_string!(locale, people.groups.take_out_name, name = name.clone());
            view! {
                <li class="row">
                    <b>{name}</b>
                    <Take group act=GroupAct::RemoveGroup who=id.to_string() words label/>
                </li>
            }
        })
        .collect();
    let offers: Vec<_> = view
        .offers
        .into_iter()
        .map(|(id, name)| (id.to_string(), name))
        .collect();
    let form = (!offers.is_empty()).then(|| {
        view! {
            <form class="stack narrow" action=api::ChangeGroup::PATH method="post">
                <input type="hidden" name="group" value=group.to_string()/>
                <input type="hidden" name="act" value=GroupAct::AddGroup.code()/>
                <label class="field">
                    <span>{td_string!(locale, people.groups.put_in)}</span>
                    <Options rows=offers/>
                </label>
                <div class="actions"><Button rank=Rank::Second words=td_string!(locale, people.groups.nest)/></div>
            </form>
        }
    });
    view! {
        <section class="panel stack" aria-labelledby="inside">
            <h2 id="inside">{td_string!(locale, people.groups.inside)}</h2>
            <p class="soft">{td_string!(locale, people.groups.inside_hint)}</p>
            {none}
            <ul class="rows">{rows}</ul>
            {form}
        </section>
    }
}

#[component]
fn Options(rows: Vec<(String, String)>) -> impl IntoView {
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(id, name)| view! { <option value=id>{name}</option> })
        .collect();
    view! { <select class="input" name="who">{rows}</select> }
}

/// Removing the group leaves its members as they are.
#[component]
fn Removal(view: GroupView) -> impl IntoView {
    let locale = locale();
    match view.is_named {
        true => view! { <p class="soft">{td_string!(locale, people.wrong.group_named)}</p> }.into_any(),
        false => view! {
            <form class="actions" action=api::ChangeGroup::PATH method="post">
                <input type="hidden" name="group" value=view.id.to_string()/>
                <input type="hidden" name="act" value=GroupAct::Remove.code()/>
                <Button rank=Rank::Second words=td_string!(locale, people.groups.remove)/>
            </form>
        }
        .into_any(),
    }
}
