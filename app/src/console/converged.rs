//! The methods policy: its settings in words, method by method, and the guide that proposes one.

use super::setting::Setting;
use super::{api, words};
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Button, Notice, Rank, Tone};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::gate::Gate;
use regain_domain::policy::page::{PolicyPage, PolicyView};
use regain_domain::policy::setting::Setting as Which;
use regain_domain::policy::{Converged, Means, Migration, Withheld};

/// The name of a setting, and what it does.
pub(super) fn setting(setting: Converged) -> (&'static str, &'static str) {
    let locale = locale();
    macro_rules! words {
        ($name:ident, $hint:ident) => {
            (
                td_string!(locale, console.methods.$name),
                td_string!(locale, console.methods.$hint),
            )
        };
    }
    match setting {
        Converged::State => words!(state, state_hint),
        Converged::Reason => words!(reason, reason_hint),
        Converged::SignIn => words!(sign_in, sign_in_hint),
        Converged::On(Means::Passkey) => words!(passkey, passkey_hint),
        Converged::On(Means::App) => words!(app, app_hint),
        Converged::On(Means::Email) => words!(email, email_hint),
        Converged::On(Means::Voice) => words!(voice, voice_hint),
        Converged::On(Means::Sms) => words!(sms, sms_hint),
        Converged::Groups(Means::Passkey) => words!(passkey_groups, groups_hint),
        Converged::Groups(Means::App) => words!(app_groups, groups_hint),
        Converged::Groups(Means::Email) => words!(email_groups, groups_hint),
        Converged::Groups(Means::Voice) => words!(voice_groups, groups_hint),
        Converged::Groups(Means::Sms) => words!(sms_groups, groups_hint),
        Converged::Excluded(Means::Passkey) => words!(passkey_excluded, excluded_hint),
        Converged::Excluded(Means::App) => words!(app_excluded, excluded_hint),
        Converged::Excluded(Means::Email) => words!(email_excluded, excluded_hint),
        Converged::Excluded(Means::Voice) => words!(voice_excluded, excluded_hint),
        Converged::Excluded(Means::Sms) => words!(sms_excluded, excluded_hint),
        Converged::Way(Gate::AppPush) => words!(app_push, app_push_hint),
        Converged::Way(Gate::OfficeCall) => words!(office, office_hint),
        Converged::Way(Gate::MobileWhatsapp) => words!(whatsapp, whatsapp_hint),
        Converged::Way(_) => words!(app_code, app_code_hint),
    }
}

/// Why a method is kept from somebody who has it.
pub(super) fn withheld(why: Withheld) -> &'static str {
    let locale = locale();
    match why {
        Withheld::Off => td_string!(locale, console.methods.withheld_off),
        Withheld::NotIncluded => td_string!(locale, console.methods.withheld_not_included),
        Withheld::Excluded => td_string!(locale, console.methods.withheld_excluded),
    }
}

/// Who a method is for: folded away, as most are for everybody. It stands where the groups do, and holds both lists.
#[component]
pub(super) fn Whom(view: PolicyView, means: Means) -> impl IntoView {
    let value = |setting: Converged| {
        let found = view.values.iter().find(|(one, _)| *one == Which::Converged(setting));
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let (groups, excluded) = (value(Converged::Groups(means)), value(Converged::Excluded(means)));
    let summary = whom(&groups, &excluded);
    let mut is_wrong = false;
    let rows: Vec<_> = [
        (Converged::Groups(means), groups),
        (Converged::Excluded(means), excluded),
    ]
    .into_iter()
    .map(|(setting, value)| {
        let setting = Which::Converged(setting);
        let why = view.wrongs.iter().find(|(wrong, _)| *wrong == setting);
        let why = why.map(|(_, wrong)| words::wrong(wrong));
        is_wrong |= why.is_some();
        view! { <Setting setting value why uncarried=false more=None picks=Vec::new()/> }
    })
    .collect();
    view! {
        <details class="whom" open=is_wrong>
            <summary>{summary}</summary>
            {rows}
        </details>
    }
}

fn whom(groups: &str, excluded: &str) -> String {
    let locale = locale();
    let listed = |text: &str| {
        let names: Vec<&str> = text.lines().map(str::trim).filter(|name| !name.is_empty()).collect();
        Some(names.join(", ")).filter(|names| !names.is_empty())
    };
    match (listed(groups), listed(excluded)) {
        (None, None) => td_string!(locale, console.methods.who_all).to_owned(),
        (Some(names), None) => td_string!(locale, console.methods.who_some, names = isolated(&names)),
        (None, Some(names)) => td_string!(locale, console.methods.who_but, names = isolated(&names)),
        (Some(names), Some(others)) => td_string!(
            locale,
            console.methods.who_some_but,
            names = isolated(&names),
            others = isolated(&others)
        ),
    }
}

/// What stands beside a page of methods: the guide, or where methods are set.
#[component]
pub(super) fn Migrating(page: PolicyPage, migration: Migration, old: Vec<Gate>, has_change: bool) -> impl IntoView {
    let locale = locale();
    match (page, migration) {
        (PolicyPage::MethodsPolicy, Migration::PreMigration | Migration::InProgress) if !has_change => {
            view! { <Guide old/> }.into_any()
        }
        (PolicyPage::AuthenticationMethods, Migration::Complete) => {
            view! { <Elsewhere words=td_string!(locale, console.methods.elsewhere)/> }.into_any()
        }
        (PolicyPage::AuthenticationMethods, Migration::InProgress) => {
            view! { <Elsewhere words=td_string!(locale, console.methods.both)/> }.into_any()
        }
        _ => ().into_any(),
    }
}

#[component]
fn Elsewhere(words: &'static str) -> impl IntoView {
    let page = PolicyPage::MethodsPolicy;
    view! {
        <Notice tone=Tone::Plain words=words.to_owned()/>
        <p class="small"><a href=page.path()>{words::page(page).0}</a></p>
    }
}

/// Reads the old settings and proposes a policy. It leads to the page with the change that it is, so that the browser sends it
/// by itself.
#[component]
fn Guide(old: Vec<Gate>) -> impl IntoView {
    let locale = locale();
    let old: Vec<_> = old
        .into_iter()
        .map(|gate| view! { <li>{words::gate(gate)}</li> })
        .collect();
    let old = match old.is_empty() {
        true => view! { <p>{td_string!(locale, console.methods.guide_none)}</p> }.into_any(),
        false => view! {
            <div class="stack-s">
                <h3>{td_string!(locale, console.methods.guide_old)}</h3>
                <ul class="people">{old}</ul>
            </div>
        }
        .into_any(),
    };
    view! {
        <section class="panel stack" aria-labelledby="guide">
            <h2 id="guide">{td_string!(locale, console.methods.guide)}</h2>
            <p>{td_string!(locale, console.methods.guide_lead)}</p>
            {old}
            <p class="small soft">{td_string!(locale, console.methods.guide_maps)}</p>
            <form class="actions" action=api::Guide::PATH method="post">
                <Button rank=Rank::Second words=td_string!(locale, console.methods.guide_do)/>
            </form>
        </section>
    }
}
