//! The console around a page: the menu of what one's roles allow, then the matter.

use super::words;
use crate::i18n::{locale, td_string};
use leptos::prelude::*;
use leptos_meta::Title;
use regain_domain::policy::page::PolicyPage;
use regain_domain::role::Role;

/// `step` and `refusal` are the codes that scripts hold on to. `here`: the page of the policy, else it is the overview.
#[component]
pub(super) fn ConsoleFrame(
    title: &'static str,
    step: &'static str,
    #[prop(optional_no_strip)] refusal: Option<&'static str>,
    roles: Vec<Role>,
    here: Option<PolicyPage>,
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
fn Menu(roles: Vec<Role>, here: Option<PolicyPage>) -> impl IntoView {
    let locale = locale();
    let pages = PolicyPage::of_roles(&roles);
    let heading = (!pages.is_empty()).then(|| view! { <h2>{td_string!(locale, console.group_reset)}</h2> });
    let rows: Vec<_> = pages
        .into_iter()
        .map(|page| {
            let current = (here == Some(page)).then_some("page");
            view! { <a href=page.path() aria-current=current>{words::page(page).0}</a> }
        })
        .collect();
    let overview = here.is_none().then_some("page");
    view! {
        <nav class="nav" aria-label=td_string!(locale, console.menu)>
            <a href="/console" aria-current=overview>{td_string!(locale, console.overview)}</a>
            {heading}
            {rows}
        </nav>
    }
}
