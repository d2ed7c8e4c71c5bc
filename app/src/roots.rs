//! The roots. A bin of `frontend` links the one that it names.

use crate::account::{HomePage, SignInPage};
use crate::console::ConsolePage;
use crate::i18n::{locale, td_string};
use crate::reset::ResetPage;
use crate::shell::house_name;
use crate::ui::{ChoiceLink, Frame, Heading, Icon};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_navigate;
use leptos_router::{NavigateOptions, SsrMode, path};
use std::sync::Arc;

/// What a page may set of its own answer on the server. In the browser there is none.
#[derive(Clone)]
pub(crate) struct PageAnswer {
    /// Sets the status.
    pub(crate) status: Arc<dyn Fn(u16) + Send + Sync>,
    /// Answers 303 to an address of ours instead.
    pub(crate) see_other: Arc<dyn Fn(&'static str) + Send + Sync>,
}

/// Sends the visitor to a page of this program instead of the one that was asked for.
pub(crate) fn go(page: &'static str) {
    if let Some(answer) = use_context::<PageAnswer>() {
        (answer.see_other)(page);
    } else {
        let navigate = use_navigate();
        let options = move || NavigateOptions {
            replace: true,
            ..NavigateOptions::default()
        };
        Effect::new(move || navigate(page, options()));
    }
}

/// The public pages.
#[component]
pub fn PublicApp() -> impl IntoView {
    view! {
        <Titled/>
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                <Route path=path!("/signin") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/reset") view=ResetPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}

/// Administration.
#[component]
pub fn ConsoleApp() -> impl IntoView {
    view! {
        <Titled/>
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/console") view=ConsolePage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}

/// Each title ends with the tenant's name.
#[component]
fn Titled() -> impl IntoView {
    provide_meta_context();
    let house = house_name();
    view! { <Title formatter=move |text: String| format!("{text} · {house}")/> }
}

/// No such page.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let locale = locale();
    if let Some(answer) = use_context::<PageAnswer>() {
        (answer.status)(404);
    }
    view! {
        <Frame title=td_string!(locale, frame.missing.heading).to_owned() step="missing" fault=Signal::stored(None)>
            <Heading
                arrived=false
                words=td_string!(locale, frame.missing.heading).to_owned()
                lead=Some(td_string!(locale, frame.missing.lead).to_owned())
            />
            <Ways/>
        </Frame>
    }
}

/// The two ways on from a page that is none.
#[component]
pub(crate) fn Ways() -> impl IntoView {
    let locale = locale();
    view! {
        <div class="choices">
            <ChoiceLink
                href="/reset".to_owned()
                is_elsewhere=true
                picture=Icon::Key
                words=td_string!(locale, frame.missing.reset).to_owned()
                hint=td_string!(locale, frame.missing.reset_hint).to_owned()
            />
            <ChoiceLink
                href="/signin".to_owned()
                is_elsewhere=true
                picture=Icon::SignIn
                words=td_string!(locale, frame.signin).to_owned()
                hint=td_string!(locale, frame.missing.signin_hint).to_owned()
            />
        </div>
    }
}

/// Takes over the public pages in the browser.
#[cfg(feature = "hydrate")]
pub fn hydrate_wizard() {
    hydrate(PublicApp);
}

/// Takes over the console in the browser.
#[cfg(feature = "hydrate")]
pub fn hydrate_console() {
    hydrate(ConsoleApp);
}

/// `#app` says when it is alive, for tests.
#[cfg(feature = "hydrate")]
fn hydrate<V: IntoView + 'static>(root: fn() -> V) {
    use wasm_bindgen::JsCast;
    let Some(element) = document().get_element_by_id("app") else {
        return;
    };
    let Ok(app) = element.dyn_into::<web_sys::HtmlElement>() else {
        return;
    };
    hydrate_from(app.clone(), root).forget();
    set_timeout(
        move || drop(app.set_attribute("data-alive", "")),
        std::time::Duration::ZERO,
    );
}
