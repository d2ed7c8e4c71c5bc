//! Who one is, once signed in, and in which browsers.

use super::sessions::Sessions;
use super::{Expiring, api, role_words};
use crate::Fault;
use crate::i18n::{locale, td_string};
use crate::looked::looked;
use crate::posting::{self, Posting};
use crate::roots::go;
use crate::shell::house_name;
use crate::ui::{Button, Facts, Fields, Form, Frame, Heading, Moment, Notice, Rank, Tone};
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use regain_domain::sign_in::{AccountScreen, Said, Who};

/// A post of the page.
#[derive(Clone)]
pub(super) enum Post {
    /// Signs out here.
    Out,
    /// Ends another session; without an id all the others.
    End(String),
}

impl posting::Post for Post {
    type Screen = AccountScreen;

    async fn answered(self) -> Result<AccountScreen, Fault> {
        let answer = match self {
            Self::Out => api::sign_out().await,
            Self::End(id) => api::end_sessions(id).await,
        };
        match answer {
            Err(Fault::Stale) => api::look().await,
            other => other,
        }
    }
}

/// What the page holds on the client.
pub(super) type Home = Posting<Post>;

/// The page at `/`; whoever is not signed in is sent to `/signin`.
pub(crate) fn home() -> AnyView {
    let looked = looked(api::look);
    // To open a page is use of the session, but drawing it writes nothing: the page says so itself, once it is alive.
    Effect::new(|| spawn_local(async { drop(api::look().await) }));
    Home::new().page(looked, draw)
}

fn draw(state: Home, screen: Result<AccountScreen, Fault>, arrived: bool) -> AnyView {
    match screen {
        Ok(AccountScreen::In(who)) => view! { <Own state who arrived/> }.into_any(),
        Ok(_) => view! { <Away/> }.into_any(),
        Err(broken) => {
            let locale = locale();
            state.fault.set(Some(broken));
            let again =
                view! { <div class="actions"><a class="button" href="/">{td_string!(locale, frame.again)}</a></div> };
            let title = td_string!(locale, account.signin.heading).to_owned();
            view! { <Frame title step="stopped" fault=state.fault>{again}</Frame> }.into_any()
        }
    }
}

#[component]
fn Own(state: Home, who: Who, arrived: bool) -> impl IntoView {
    let locale = locale();
    let is_staff = !who.roles.is_empty();
    let rank = if is_staff { Rank::Second } else { Rank::First };
    let heading: String = td_string!(locale, account.home.heading, name = who.display_name.clone());
    let send = Box::new(move |_: &Fields| state.post(Post::Out));
    let console = is_staff.then(|| {
        view! { <a class=Rank::First.class() href="/console">{td_string!(locale, account.home.console)}</a> }
    });
    let rows = rows(&who);
    let said = who
        .said
        .map(|said| view! { <Notice tone=Tone::Good is_alert=true words=said_words(said)/> });
    view! {
        <Frame title=heading.clone() step="home" fault=state.fault>
            <Heading
                arrived
                words=heading
                lead=Some(td_string!(locale, account.home.lead, org = house_name()))
            />
            {said}
            <Expiring at=who.password_ends_at/>
            <Facts rows/>
            <div class="actions">
                {console}
                <a class=rank.class() href="/security-info">{td_string!(locale, account.home.security)}</a>
                <a class=Rank::Second.class() href="/change-password">{td_string!(locale, account.home.change)}</a>
                <Form action=api::SignOut::PATH waiting=state.waiting() send>
                    <Button rank=Rank::Second words=td_string!(locale, account.home.signout) waiting=state.waiting()/>
                </Form>
            </div>
            <Sessions state sessions=who.sessions/>
        </Frame>
    }
}

fn said_words(said: Said) -> String {
    let locale = locale();
    match said {
        Said::PasswordChanged { n_sessions_ended } => td_string!(locale, account.said.changed, n = n_sessions_ended),
        Said::MethodsConfirmed => td_string!(locale, account.said.methods).to_owned(),
        Said::SessionsEnded { n } => td_string!(locale, account.said.ended, n = n),
    }
}

fn rows(who: &Who) -> Vec<(&'static str, AnyView)> {
    let locale = locale();
    let user_name = who.user_name.clone();
    let mut rows = vec![(
        td_string!(locale, account.home.account),
        view! { <bdi dir="ltr">{user_name}</bdi> }.into_any(),
    )];
    if !who.roles.is_empty() {
        rows.push((
            td_string!(locale, account.home.roles),
            role_words(&who.roles).into_any(),
        ));
    }
    rows.push((
        td_string!(locale, account.home.changed),
        view! { <Moment at=who.password_changed_at/> }.into_any(),
    ));
    rows
}

/// Not signed in.
#[component]
fn Away() -> impl IntoView {
    go("/signin");
}
