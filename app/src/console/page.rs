//! The console's overview, and what it shows to those whom it shows nothing else.

use super::api;
use super::frame::ConsoleFrame;
use super::{doctor, kiosks, people, rollout, words};
use crate::Fault;
use crate::account::role_words;
use crate::i18n::{isolated, locale, td_string};
use crate::looked::looked;
use crate::ui::{ChoiceLink, Facts, Frame, Heading, Icon, Moment, Rank};
use leptos::{prelude::*, task::spawn_local};
use regain_domain::policy::page::PolicyPage;
use regain_domain::role::Act;
use regain_domain::sign_in::Who;
use regain_domain::staff::Reader;

/// Who is signed in, or the way to sign in.
pub(crate) fn console() -> AnyView {
    let looked = looked(api::look);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match looked.await {
                    Ok(who) => view! { <Staff who/> }.into_any(),
                    Err(Fault::SignedOut) => view! { <SignedOut/> }.into_any(),
                    Err(fault) => view! { <Broken fault path="/console"/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Staff(who: Who) -> impl IntoView {
    let locale = locale();
    kept();
    let roles = who.roles.clone();
    let pages: Vec<_> = PolicyPage::of_roles(&roles).into_iter().map(way).collect();
    let rollout = Act::Policy.is_allowed(&roles).then(|| {
        let (words, hint) = (td_string!(locale, setup.rollout.name), td_string!(locale, setup.over.rollout_hint));
        view! { <ChoiceLink href=rollout::PATH.to_owned() picture=Icon::Info words=words.to_owned() hint=hint.to_owned()/> }
    });
    let kiosks = Act::Policy.is_allowed(&roles).then(|| {
        let (words, hint) = (td_string!(locale, console.kiosks.name), td_string!(locale, console.kiosks.lead));
        view! { <ChoiceLink href=kiosks::PATH.to_owned() picture=Icon::Info words=words.to_owned() hint=hint.to_owned()/> }
    });
    let groups = Act::ManageUsers.is_allowed(&roles).then(|| {
        let (words, hint) = (td_string!(locale, people.groups.name), td_string!(locale, people.groups.lead));
        view! { <ChoiceLink href=people::GROUPS.to_owned() picture=Icon::Info words=words.to_owned() hint=hint.to_owned()/> }
    });
    let people = Act::Assist.is_allowed(&roles).then(|| {
        let (words, hint) = (td_string!(locale, people.name), td_string!(locale, people.lead));
        let users = view! { <ChoiceLink href=people::USERS.to_owned() picture=Icon::Info words=words.to_owned() hint=hint.to_owned()/> };
        let (words, hint) = (td_string!(locale, console.doctor.name), td_string!(locale, console.doctor.lead));
        view! {
            {users} {groups}
            <ChoiceLink href=doctor::PATH.to_owned() picture=Icon::Info words=words.to_owned() hint=hint.to_owned()/>
        }
    });
    let rows = vec![
        (
            td_string!(locale, console.account),
            view! { <bdi dir="ltr">{who.user_name}</bdi> }.into_any(),
        ),
        (td_string!(locale, console.roles), role_words(&who.roles).into_any()),
        (
            td_string!(locale, console.since),
            view! { <Moment at=who.signed_in_at/> }.into_any(),
        ),
    ];
    view! {
        <ConsoleFrame title=td_string!(locale, console.title) step="console" roles here="/console">
            <Heading
                arrived=false
                words=td_string!(locale, console.heading).to_owned()
                lead=Some(td_string!(locale, console.lead, name = who.display_name))
            />
            <Facts rows/>
            <div class="choices">{rollout} {pages} {kiosks} {people}</div>
            <div class="actions">
                <a class=Rank::Second.class() href="/">{td_string!(locale, console.home)}</a>
            </div>
        </ConsoleFrame>
    }
}

/// To open a page is use of the session, but drawing it writes nothing: the page says so itself, once it is alive.
pub(super) fn kept() {
    Effect::new(|| spawn_local(async { drop(api::look().await) }));
}

fn way(page: PolicyPage) -> impl IntoView {
    let (name, lead) = words::page(page);
    view! { <ChoiceLink href=page.path().to_owned() picture=Icon::Key words=name.to_owned() hint=lead.to_owned()/> }
}

/// Nobody is signed in who holds a role.
#[component]
pub(super) fn SignedOut() -> impl IntoView {
    let locale = locale();
    view! {
        <Frame title=td_string!(locale, console.title).to_owned() step="signed-out" fault=Signal::stored(None)>
            <Heading
                arrived=false
                words=td_string!(locale, console.out_heading).to_owned()
                lead=Some(td_string!(locale, console.out_lead).to_owned())
            />
            <div class="actions">
                <a class=Rank::First.class() href="/signin">{td_string!(locale, frame.signin)}</a>
            </div>
        </Frame>
    }
}

/// The page is not for their roles.
#[component]
pub(super) fn Forbidden(title: &'static str, here: &'static str, reader: Reader) -> impl IntoView {
    let locale = locale();
    let roles = role_words(&reader.roles);
    view! {
        <ConsoleFrame title step="forbidden" roles=reader.roles here>
            <Heading
                arrived=false
                words=td_string!(locale, console.forbidden_heading).to_owned()
                lead=Some(td_string!(locale, console.forbidden_lead, name = isolated(&reader.name), roles = roles))
            />
        </ConsoleFrame>
    }
}

/// Something broke: the way to try `path` again.
#[component]
pub(super) fn Broken(fault: Fault, path: &'static str) -> impl IntoView {
    let locale = locale();
    view! {
        <Frame title=td_string!(locale, console.title).to_owned() step="stopped" fault=Signal::stored(Some(fault))>
            <div class="actions"><a class="button" href=path>{td_string!(locale, frame.again)}</a></div>
        </Frame>
    }
}
