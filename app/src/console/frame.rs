//! The console around a page: the menu of what one's roles allow, then the matter.

use super::{doctor, kiosks, people, rollout, words};
use crate::i18n::{locale, td_string};
use leptos::prelude::*;
use leptos_meta::Title;
use regain_domain::policy::page::PolicyPage;
use regain_domain::role::{Act, Role};

/// `step` and `refusal` are the codes that scripts hold on to. `here`: the page's own address.
#[component]
pub(super) fn ConsoleFrame(
    title: &'static str,
    step: &'static str,
    #[prop(optional_no_strip)] refusal: Option<&'static str>,
    roles: Vec<Role>,
    here: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title/>
        <div class="console">
            <Menu roles here/>
            <main class="stack-l" id="main" data-step=step data-refusal=refusal>{children()}</main>
        </div>
    }
}

#[component]
fn Menu(roles: Vec<Role>, here: &'static str) -> impl IntoView {
    let locale = locale();
    let link = move |path: &'static str, words: &'static str| {
        let current = (here == path).then_some("page");
        view! { <a href=path aria-current=current>{words}</a> }
    };
    let pages = PolicyPage::of_roles(&roles);
    let heading = (!pages.is_empty()).then(|| view! { <h2>{td_string!(locale, console.group_reset)}</h2> });
    let rows: Vec<_> = pages
        .into_iter()
        .map(|page| link(page.path(), words::page(page).0))
        .collect();
    let rollout = Act::Policy
        .is_allowed(&roles)
        .then(|| link(rollout::PATH, td_string!(locale, setup.rollout.name)));
    let kiosks = Act::Policy
        .is_allowed(&roles)
        .then(|| link(kiosks::PATH, td_string!(locale, console.kiosks.name)));
    let groups = Act::ManageUsers
        .is_allowed(&roles)
        .then(|| link(people::GROUPS, td_string!(locale, people.groups.name)));
    let people = Act::Assist.is_allowed(&roles).then(|| {
        view! {
            <h2>{td_string!(locale, console.group_people)}</h2>
            {link(people::USERS, td_string!(locale, people.name))}
            {groups}
            {link(doctor::PATH, td_string!(locale, console.doctor.name))}
        }
    });
    view! {
        <nav class="nav" aria-label=td_string!(locale, console.menu)>
            {link("/console", td_string!(locale, console.overview))}
            {rollout}
            {heading}
            {rows}
            {kiosks}
            {people}
        </nav>
    }
}
