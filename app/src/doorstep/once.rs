//! A one-time pass, on the one page that shows it (R52): the answer to the very post that gave it. No address leads there, so that
//! neither a reload nor the way back shows it again.

use super::page::{Still, still_page};
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Facts, Heading, Icon, Moment, Notice, Rank, Tone, icon};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use regain_domain::people::{Given, PersonView};
use std::sync::{Arc, Mutex, PoisonError};

/// Where the person's page is.
const PERSON: &str = "/console/users/person";

/// Noted on the request of a plain form: what its answer shows, and nothing ever again.
#[derive(Clone, Default)]
pub(super) struct Once(Arc<Mutex<Option<Shown>>>);

/// What is shown, and where the person uses it.
pub(super) struct Shown {
    pub(super) view: PersonView,
    pub(super) base_url: String,
}

impl Once {
    pub(super) fn put(&self, shown: Shown) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
    }

    pub(super) fn take(&self) -> Option<Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The page. `no-store`, as every answer is.
pub(super) fn once_page(around: Still<'_>, shown: Shown) -> Response {
    let owner = Owner::new_root(None);
    let title = owner.with(|| {
        provide_context(around.language);
        td_string!(locale(), people.given.title)
    });
    let page = still_page(around, title, move || body(shown));
    ([("cache-control", "no-store")], page).into_response()
}

fn body(shown: Shown) -> AnyView {
    let Shown { view, base_url } = shown;
    let Some(given) = view.given else {
        return ().into_any();
    };
    let locale = locale();
    let name = isolated(&view.name);
    let facts = vec![
        (
            td_string!(locale, people.given.whose),
            view! { <bdi dir="ltr">{view.user_name.clone()}</bdi> }.into_any(),
        ),
        (
            td_string!(locale, people.given.until),
            view! { <bdi dir="ltr"><Moment at=given.until/></bdi> }.into_any(),
        ),
    ];
    let blocked = view.held.blocked_until.is_some();
    let lacks = view.lacks_beside;
    view! {
        <main class="sheet" id="main" data-step="given">
            <div class="card stack-l">
                <span class="sign good">{icon(Icon::Key)}</span>
                <Heading
                    arrived=false
                    words=td_string!(locale, people.given.heading, name = name)
                    lead=Some(td_string!(locale, people.given.lead).to_owned())
                />
                <p class="match long"><output><bdi dir="ltr">{given.pass.clone()}</bdi></output></p>
                <Facts rows=facts/>
                {blocked.then(|| warning(td_string!(locale, people.given.blocked)))}
                {lacks.then(|| warning(td_string!(locale, people.given.lacks)))}
                <How given base_url/>
                <Notice tone=Tone::Plain words=td_string!(locale, people.given.sure).to_owned()/>
                <div class="actions"><a class=Rank::First.class() href=PERSON>{td_string!(locale, people.given.back)}</a></div>
            </div>
        </main>
    }
    .into_any()
}

fn warning(words: &'static str) -> impl IntoView {
    view! { <Notice tone=Tone::Warn words=words.to_owned()/> }
}

/// What the person does with it, step by step.
#[component]
fn How(given: Given, base_url: String) -> impl IntoView {
    let locale = locale();
    let address = format!("{}/reset", base_url.trim_end_matches('/'));
    let choice = isolated(td_string!(locale, reset.choose.one_time_pass));
    let last = match given.is_beside {
        true => td_string!(locale, people.given.beside),
        false => td_string!(locale, people.given.alone),
    };
    view! {
        <section class="stack-s" aria-labelledby="how">
            <h2 id="how">{td_string!(locale, people.given.how)}</h2>
            <ol class="ordered">
                <li>{td_string!(locale, people.given.open)} " " <bdi dir="ltr">{address}</bdi></li>
                <li>{td_string!(locale, people.given.choose, choice = choice)}</li>
                <li>{last}</li>
            </ol>
        </section>
    }
}
