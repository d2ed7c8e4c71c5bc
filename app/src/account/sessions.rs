//! The browsers in which one is signed in, and how to sign out there.

use super::api;
use super::home::{Home, Post};
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Button, Facts, Fields, Form, Icon, Moment, Rank, icon};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::sign_in::OpenSession;

/// The list; with others, a button that ends them all.
#[component]
pub(super) fn Sessions(state: Home, sessions: Vec<OpenSession>) -> impl IntoView {
    let locale = locale();
    let n_others = sessions.iter().filter(|session| !session.is_this).count();
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|session| view! { <Session state session/> })
        .collect();
    let all = (n_others > 1).then(|| {
        let send = Box::new(move |_: &Fields| state.post(Post::End(String::new())));
        view! {
            <Form class="actions" action=api::EndSessions::PATH waiting=state.waiting() send>
                <Button rank=Rank::Second words=td_string!(locale, account.sessions.end_all) waiting=state.waiting()/>
            </Form>
        }
    });
    view! {
        <section class="stack" aria-labelledby="sessions">
            <h2 id="sessions">{td_string!(locale, account.sessions.heading)}</h2>
            <ul class="methods">{rows}</ul>
            {all}
            <p class="small soft">{td_string!(locale, account.sessions.lead)}</p>
        </section>
    }
}

#[component]
fn Session(state: Home, session: OpenSession) -> impl IntoView {
    let locale = locale();
    let device = match session.device.as_str() {
        "" => td_string!(locale, account.sessions.unknown).to_owned(),
        device => device.to_owned(),
    };
    let id = session.id.to_string();
    let end = (!session.is_this).then(|| {
        let ended = id.clone();
        let send = Box::new(move |_: &Fields| state.post(Post::End(ended.clone())));
        view! {
            <Form class="actions" action=api::EndSessions::PATH waiting=state.waiting() send>
                <Button
                    rank=Rank::Second
                    words=td_string!(locale, account.sessions.end)
                    name="id"
                    value=id
                    waiting=state.waiting()
                />
            </Form>
        }
    });
    let facts = vec![
        (
            td_string!(locale, account.sessions.began),
            view! { <Moment at=session.began_at/> }.into_any(),
        ),
        (
            td_string!(locale, account.sessions.used),
            view! { <Moment at=session.used_at/> }.into_any(),
        ),
    ];
    view! {
        <li class="method">
            <div class="method-head">
                <span class="pic">{icon(Icon::Globe)}</span>
                <div>
                    <h3>{isolated(&device)}</h3>
                    <p class="small soft"><bdi dir="ltr">{session.network}</bdi></p>
                </div>
                {session.is_this.then(|| view! { <span class="tag">{td_string!(locale, account.sessions.this)}</span> })}
            </div>
            <Facts rows=facts/>
            {end}
        </li>
    }
}
