//! The console's one page.

use super::api;
use crate::Fault;
use crate::account::role_words;
use crate::i18n::{locale, td_string};
use crate::ui::{Facts, Frame, Heading, Moment, Rank};
use leptos::{prelude::*, task::spawn_local};
use regain_domain::sign_in::Who;

/// Who is signed in, or the way to sign in.
pub(crate) fn console() -> AnyView {
    let looked = Resource::new_blocking(|| (), |()| api::look());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match looked.await {
                    Ok(who) => view! { <Staff who/> }.into_any(),
                    Err(Fault::SignedOut) => view! { <SignedOut/> }.into_any(),
                    Err(fault) => view! { <Broken fault/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Staff(who: Who) -> impl IntoView {
    let locale = locale();
    // As on one's own page: opening it is use.
    Effect::new(|| spawn_local(async { drop(api::look().await) }));
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
        <Frame title=td_string!(locale, console.title).to_owned() step="console" fault=Signal::stored(None)>
            <Heading
                arrived=false
                words=td_string!(locale, console.heading).to_owned()
                lead=Some(td_string!(locale, console.lead, name = who.display_name))
            />
            <Facts rows/>
            <div class="actions">
                <a class=Rank::Second.class() href="/">{td_string!(locale, console.home)}</a>
            </div>
        </Frame>
    }
}

#[component]
fn SignedOut() -> impl IntoView {
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

#[component]
fn Broken(fault: Fault) -> impl IntoView {
    let locale = locale();
    view! {
        <Frame title=td_string!(locale, console.title).to_owned() step="stopped" fault=Signal::stored(Some(fault))>
            <div class="actions"><a class="button" href="/console">{td_string!(locale, frame.again)}</a></div>
        </Frame>
    }
}
