//! Who one is, once signed in.

use super::{api, role_words};
use crate::Fault;
use crate::i18n::{locale, td_string};
use crate::roots::go;
use crate::shell::house_name;
use crate::ui::{Button, Facts, Fields, Form, Frame, Heading, Moment, Rank};
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use regain_domain::sign_in::{AccountScreen, Who};

/// The page at `/`; whoever is not signed in is sent to `/signin`.
pub(crate) fn home() -> AnyView {
    let looked = Resource::new_blocking(|| (), |()| api::look());
    let fault = RwSignal::new(None::<Fault>);
    let leaving = Action::new(move |(): &()| async move {
        match api::sign_out().await {
            Ok(_) | Err(Fault::Stale) => looked.refetch(),
            Err(broken) => fault.set(Some(broken)),
        }
    });
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match looked.await {
                    Ok(AccountScreen::In(who)) => view! { <Home who leaving fault/> }.into_any(),
                    Ok(_) => view! { <Away/> }.into_any(),
                    Err(broken) => {
                        fault.set(Some(broken));
                        view! { <Broken fault/> }.into_any()
                    }
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Home(who: Who, leaving: Action<(), ()>, fault: RwSignal<Option<Fault>>) -> impl IntoView {
    let locale = locale();
    // To open a page is use of the session, but drawing it writes nothing: the page says so itself, once it is alive.
    Effect::new(|| spawn_local(async { drop(api::look().await) }));
    let is_staff = !who.roles.is_empty();
    let rank = if is_staff { Rank::Second } else { Rank::First };
    let waiting: Signal<bool> = leaving.pending().into();
    let heading: String = td_string!(locale, account.home.heading, name = who.display_name.clone());
    let send = Box::new(move |_: &Fields| {
        leaving.dispatch(());
    });
    let console = is_staff.then(|| {
        view! { <a class=Rank::First.class() href="/console">{td_string!(locale, account.home.console)}</a> }
    });
    view! {
        <Frame title=heading.clone() step="home" fault>
            <Heading
                arrived=false
                words=heading
                lead=Some(td_string!(locale, account.home.lead, org = house_name()))
            />
            <Facts rows=rows(&who)/>
            <div class="actions">
                {console}
                <a class=rank.class() href="/security-info">{td_string!(locale, account.home.security)}</a>
                <Form action=api::SignOut::PATH waiting send>
                    <Button rank=Rank::Second words=td_string!(locale, account.home.signout) waiting/>
                </Form>
            </div>
        </Frame>
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
    rows.push((
        td_string!(locale, account.home.since),
        view! { <Moment at=who.signed_in_at/> }.into_any(),
    ));
    rows
}

/// Not signed in.
#[component]
fn Away() -> impl IntoView {
    go("/signin");
}

#[component]
fn Broken(fault: RwSignal<Option<Fault>>) -> impl IntoView {
    let locale = locale();
    view! {
        <Frame title=td_string!(locale, account.signin.heading).to_owned() step="stopped" fault>
            <div class="actions"><a class="button" href="/">{td_string!(locale, frame.again)}</a></div>
        </Frame>
    }
}
