//! The pages of each program, by address. A bin of `frontend` links the pages that it names, and no others.

use crate::account::{change_password, home, sign_in};
use crate::authenticator::authenticator;
use crate::console::{
    administrators, console, customization, doctor, group, groups, import, kiosks, methods, methods_policy, newcomer,
    notifications, on_premises, people, person, properties, protection, registration, rollout, versions,
};
use crate::i18n::{locale, td_string};
use crate::kiosk::opening;
use crate::not_me::not_me;
use crate::reset::reset;
use crate::security::security;
use crate::setup::setup;
use crate::shell::house_name;
use crate::ui::{ChoiceLink, Icon, KIOSK, KIOSK_OPEN, in_kiosk};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use regain_domain::policy::page::PolicyPage;
use std::sync::Arc;
use web_sys::UrlSearchParams;

/// A page with an address of its own.
#[derive(Clone, Copy)]
pub struct Page {
    /// Its address.
    pub path: &'static str,
    view: fn() -> AnyView,
}

/// The public pages.
pub const PUBLIC: &[Page] = &[
    Page {
        path: "/signin",
        view: sign_in,
    },
    Page {
        path: "/reset",
        view: reset,
    },
    Page {
        path: KIOSK,
        view: reset,
    },
    Page {
        path: KIOSK_OPEN,
        view: opening,
    },
];

/// Public pages without a program: they are finished as they are, and what they ask is a form.
pub const STILL: &[Page] = &[Page {
    path: "/not-me",
    view: not_me,
}];

/// The pages of whoever is signed in.
pub const ACCOUNT: &[Page] = &[
    Page { path: "/", view: home },
    Page {
        path: "/security-info",
        view: security,
    },
    Page {
        path: "/change-password",
        view: change_password,
    },
];

/// Administration.
pub const CONSOLE: &[Page] = &[
    Page {
        path: "/console",
        view: console,
    },
    of_policy(PolicyPage::Properties, properties),
    of_policy(PolicyPage::AuthenticationMethods, methods),
    of_policy(PolicyPage::Registration, registration),
    of_policy(PolicyPage::Notifications, notifications),
    of_policy(PolicyPage::Customization, customization),
    of_policy(PolicyPage::OnPremisesIntegration, on_premises),
    of_policy(PolicyPage::AdministratorPolicy, administrators),
    of_policy(PolicyPage::PasswordProtection, protection),
    of_policy(PolicyPage::MethodsPolicy, methods_policy),
    of_policy(PolicyPage::Versions, versions),
    Page {
        path: "/console/users",
        view: people,
    },
    Page {
        path: "/console/users/person",
        view: person,
    },
    Page {
        path: "/console/users/new",
        view: newcomer,
    },
    Page {
        path: "/console/users/import",
        view: import,
    },
    Page {
        path: "/console/groups",
        view: groups,
    },
    Page {
        path: "/console/groups/group",
        view: group,
    },
    Page {
        path: "/console/doctor",
        view: doctor,
    },
    Page {
        path: "/console/kiosks",
        view: kiosks,
    },
    Page {
        path: "/console/setup",
        view: rollout,
    },
    Page {
        path: "/setup",
        view: setup,
    },
];

const fn of_policy(page: PolicyPage, view: fn() -> AnyView) -> Page {
    Page {
        path: page.path(),
        view,
    }
}

/// The authenticator.
pub const AUTHENTICATOR: &[Page] = &[Page {
    path: "/authenticator",
    view: authenticator,
}];

impl Page {
    /// What stands in `#app`. Each title ends with the tenant's name.
    pub(crate) fn draw(self) -> AnyView {
        provide_meta_context();
        let house = house_name();
        view! {
            <Title formatter=move |text: String| format!("{text} · {house}")/>
            {(self.view)()}
        }
        .into_any()
    }
}

/// What a page may set of its own answer on the server. In the browser there is none.
#[derive(Clone)]
pub(crate) struct PageAnswer {
    /// Answers 303 to an address of ours instead.
    pub(crate) see_other: Arc<dyn Fn(&'static str) + Send + Sync>,
}

/// The fields behind the `?` of the page's address, on the server.
#[derive(Clone, Debug)]
pub(crate) struct PageQuery(pub(crate) Vec<(String, String)>);

/// The value of a field behind the `?` of the page's address, if it is there.
pub(crate) fn query(name: &str) -> Option<String> {
    if let Some(PageQuery(fields)) = use_context() {
        return fields
            .into_iter()
            .find_map(|(field, value)| (field == name).then_some(value));
    }
    let search = window().location().search().ok()?;
    UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// Sends the visitor to another page instead of the one that was asked for.
pub(crate) fn go(page: &'static str) {
    match use_context::<PageAnswer>() {
        Some(answer) => (answer.see_other)(page),
        None => drop(window().location().replace(page)),
    }
}

/// The two ways on from a page that is none.
#[component]
pub(crate) fn Ways() -> impl IntoView {
    let locale = locale();
    if in_kiosk() {
        return view! { <div class="actions"><a class="button" href=KIOSK>{td_string!(locale, frame.again)}</a></div> }
            .into_any();
    }
    view! {
        <div class="choices">
            <ChoiceLink
                href="/reset".to_owned()
                picture=Icon::Key
                words=td_string!(locale, frame.missing.reset).to_owned()
                hint=td_string!(locale, frame.missing.reset_hint).to_owned()
            />
            <ChoiceLink
                href="/signin".to_owned()
                picture=Icon::SignIn
                words=td_string!(locale, frame.signin).to_owned()
                hint=td_string!(locale, frame.missing.signin_hint).to_owned()
            />
        </div>
    }
    .into_any()
}

/// Takes over the public page that the browser shows.
#[cfg(feature = "hydrate")]
pub fn hydrate_wizard() {
    hydrate(PUBLIC);
}

/// Takes over the page that the browser shows of whoever is signed in.
#[cfg(feature = "hydrate")]
pub fn hydrate_account() {
    hydrate(ACCOUNT);
}

/// Takes over the console's page that the browser shows.
#[cfg(feature = "hydrate")]
pub fn hydrate_console() {
    hydrate(CONSOLE);
}

/// Takes over the authenticator's page.
#[cfg(feature = "hydrate")]
pub fn hydrate_authenticator() {
    hydrate(AUTHENTICATOR);
}

/// `#app` says when it is alive, for tests.
#[cfg(feature = "hydrate")]
fn hydrate(pages: &'static [Page]) {
    use wasm_bindgen::JsCast;
    let path = window().location().pathname().unwrap_or_default();
    let Some(page) = pages.iter().copied().find(|page| page.path == path) else {
        return;
    };
    let Some(element) = document().get_element_by_id("app") else {
        return;
    };
    if [KIOSK, KIOSK_OPEN].contains(&page.path) {
        server_fn::client::set_server_url(KIOSK);
    }
    let Ok(app) = element.dyn_into::<web_sys::HtmlElement>() else {
        return;
    };
    hydrate_from(app.clone(), move || page.draw()).forget();
    set_timeout(
        move || drop(app.set_attribute("data-alive", "")),
        std::time::Duration::ZERO,
    );
}
