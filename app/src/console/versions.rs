//! Every saved version of the policy: who, when, what, and the way back.

use super::api;
use super::change::Differences;
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Moment, Rank};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::policy::page::{Past, Version};

/// The list, newest first. `current`: the version that counts.
#[component]
pub(super) fn Versions(history: Vec<Past>, current: i64) -> impl IntoView {
    let rows: Vec<_> = history.into_iter().map(|past| view! { <Row past current/> }).collect();
    view! { <ol class="versions stack" reversed=true>{rows}</ol> }
}

#[component]
fn Row(past: Past, current: i64) -> impl IntoView {
    let locale = locale();
    let Past {
        version,
        differences,
        leads_back,
    } = past;
    let number = version.number;
    let is_current = number == current;
    let what = match (differences.is_empty(), number) {
        (true, 1) => view! { <p class="soft">{td_string!(locale, console.version.first)}</p> }.into_any(),
        (true, _) => view! { <p class="soft">{td_string!(locale, console.version.other)}</p> }.into_any(),
        (false, _) => view! { <Differences differences/> }.into_any(),
    };
    let tag = is_current.then(|| view! { <span class="tag good">{td_string!(locale, console.version.current)}</span> });
    let back = leads_back.then(|| {
        view! {
            <form class="actions" action=api::GoBack::PATH method="post">
                <input type="hidden" name="version" value=number.to_string()/>
                <button class=Rank::Second.class()>{td_string!(locale, console.version.back, number = number)}</button>
            </form>
        }
    });
    view! {
        <li class="panel stack-s">
            <h2>{td_string!(locale, console.version.now, number = number)} " " {tag}</h2>
            <Saved version/>
            {what}
            {back}
        </li>
    }
}

/// By whom and when.
#[component]
pub(super) fn Saved(version: Version) -> impl IntoView {
    let locale = locale();
    let by = match version.by.as_str() {
        "" => td_string!(locale, console.version.by_operator).to_owned(),
        name => td_string!(locale, console.version.by, name = isolated(name)),
    };
    view! { <p class="small soft"><Moment at=version.at/> " · " {by}</p> }
}
