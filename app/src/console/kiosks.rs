//! Locked workstations: which ones are enrolled, and the form that enrols one.

use super::frame::ConsoleFrame;
use super::guarded::guarded;
use super::{api, people};
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Button, Field, Heading, Moment, Notice, Rank, Tone};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::kiosk::{KioskRow, KioskSaid, KiosksView};
use regain_domain::limits::{FINGERPRINT_MOST, PLAIN_NAME_MOST};
use regain_domain::people::Wrong;
use regain_domain::policy::page::PolicyPage;

/// Its address.
pub(super) const PATH: &str = "/console/kiosks";

/// The page.
pub(crate) fn kiosks() -> AnyView {
    let title = td_string!(locale(), console.kiosks.name);
    guarded(title, PATH, api::look_kiosks, |view| view! { <Page view/> }.into_any())
}

#[component]
fn Page(view: KiosksView) -> impl IntoView {
    let locale = locale();
    let name = td_string!(locale, console.kiosks.name);
    let refusal = view.typed.iter().find_map(|(_, wrong)| wrong.as_ref().map(Wrong::code));
    let said = view.said.map(|(said, name)| {
        let name = isolated(&name);
        let words = match said {
            KioskSaid::Added => td_string!(locale, console.kiosks.added, name = name),
            KioskSaid::Removed => td_string!(locale, console.kiosks.removed, name = name),
        };
        view! { <Notice tone=Tone::Good is_alert=true words/> }
    });
    let (tone, required) = match view.is_required {
        true => (Tone::Plain, td_string!(locale, console.kiosks.required)),
        false => (Tone::Warn, td_string!(locale, console.kiosks.open)),
    };
    let none = view
        .kiosks
        .is_empty()
        .then(|| view! { <p class="soft">{td_string!(locale, console.kiosks.nothing)}</p> });
    let rows: Vec<_> = view.kiosks.into_iter().map(|kiosk| view! { <Row kiosk/> }).collect();
    let rows = (!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> });
    view! {
        <ConsoleFrame title=name step="kiosks" refusal roles=view.reader.roles here=PATH>
            <Heading arrived=false words=name.to_owned() lead=Some(td_string!(locale, console.kiosks.lead).to_owned())/>
            {said}
            <Notice tone words=required.to_owned()/>
            <p><a href=PolicyPage::Properties.path()>{td_string!(locale, console.kiosks.setting)}</a></p>
            {none} {rows}
            <Add typed=view.typed/>
        </ConsoleFrame>
    }
}

/// Name and fingerprint.
#[component]
fn Add(typed: [(String, Option<Wrong>); 2]) -> impl IntoView {
    let locale = locale();
    let [(name, of_name), (fingerprint, of_fingerprint)] = typed;
    let why = |wrong: Option<Wrong>| wrong.as_ref().map(people::wrong_words);
    view! {
        <form class="stack narrow" action=api::AddKiosk::PATH method="post" novalidate=true>
            <h2>{td_string!(locale, console.kiosks.add)}</h2>
            <Field
                name="name"
                label=td_string!(locale, console.kiosks.of_name)
                hint=td_string!(locale, console.kiosks.of_name_hint).to_owned()
                autocomplete="off"
                value=name
                maxlength=PLAIN_NAME_MOST
                why=why(of_name)
            />
            <Field
                name="fingerprint"
                label=td_string!(locale, console.kiosks.fingerprint)
                hint=td_string!(locale, console.kiosks.fingerprint_hint).to_owned()
                autocomplete="off"
                value=fingerprint
                maxlength=FINGERPRINT_MOST
                why=why(of_fingerprint)
            />
            <div class="actions"><Button words=td_string!(locale, console.kiosks.add_it)/></div>
        </form>
    }
}

#[component]
fn Row(kiosk: KioskRow) -> impl IntoView {
    let locale = locale();
    let opened = match kiosk.opened_at {
        Some(at) => view! { {td_string!(locale, console.kiosks.opened)} " " <Moment at/> }.into_any(),
        None => td_string!(locale, console.kiosks.never).into_any(),
    };
    let remove = td_string!(locale, console.kiosks.remove, name = isolated(&kiosk.name));
    view! {
        <li class="entry">
            <b>{isolated(&kiosk.name)}</b>
            <small class="soft">{opened}</small>
            <small class="soft"><bdi dir="ltr"><code>{kiosk.fingerprint}</code></bdi></small>
            <form action=api::RemoveKiosk::PATH method="post">
                <button class=Rank::Quiet.class() name="kiosk" value=kiosk.id.to_string()>{remove}</button>
            </form>
        </li>
    }
}
