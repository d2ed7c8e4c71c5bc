//! The form of one act: what it does, what it takes, and the way out.

use super::person::PATH;
use super::{api, words};
use crate::account::role_name;
use crate::i18n::{isolated, locale, td_string};
use crate::security::kind;
use crate::ui::{Button, Field, Notice, PasswordField, Rank, SelectField, Tone, refusal_words};
use leptos::{html, prelude::*, server_fn::ServerFn};
use regain_domain::Refusal;
use regain_domain::gate::MethodKind;
use regain_domain::limits::REASON_MOST;
use regain_domain::people::{Doing, PersonAct, PersonView};
use regain_domain::role::Role;

/// The panel with the form. It leads to the page as it then is, so that the browser sends it by itself.
#[component]
pub(super) fn ActPanel(view: PersonView, act: PersonAct) -> impl IntoView {
    let locale = locale();
    let (name, hint) = words::act(act);
    let which = (act == PersonAct::RemoveMethod).then(|| view! { <Which view=view.clone()/> });
    let roles = (act == PersonAct::Roles).then(|| view! { <Roles view=view.clone()/> });
    let pass = (act == PersonAct::OneTimePass).then(|| view! { <Pass view=view.clone()/> });
    let reason = act.wants_reason().then(|| view! { <Reason view=view.clone()/> });
    let password = (act.is_sensitive() && view.wants_password).then(|| view! { <Password view=view.clone()/> });
    view! {
        <section class="panel stack" aria-labelledby="act">
            <div class="stack-s">
                <h2 id="act">{name}</h2>
                <p class="soft">{hint}</p>
            </div>
            <form class="stack narrow" action=api::Assist::PATH method="post" novalidate=true>
                <input type="hidden" name="person" value=view.id.to_string()/>
                <input type="hidden" name="act" value=act.code()/>
                {pass} {which} {roles} {reason} {password}
                <div class="actions">
                    <Button words=name/>
                    <a class=Rank::Second.class() href=PATH>{td_string!(locale, people.leave)}</a>
                </div>
            </form>
        </section>
    }
}

/// What is to be known before a one-time pass is given.
#[component]
fn Pass(view: PersonView) -> impl IntoView {
    let locale = locale();
    let warning = |words: &'static str| view! { <Notice tone=Tone::Warn words=words.to_owned()/> };
    view! {
        {view.lacks_beside.then(|| warning(td_string!(locale, people.given.lacks)))}
        {view.held.blocked_until.is_some().then(|| warning(td_string!(locale, people.given.blocked)))}
    }
}

#[component]
fn Which(view: PersonView) -> impl IntoView {
    let chosen = match &view.tried {
        Some(Doing::RemoveMethod { method, .. }) => method.to_string(),
        _ => String::new(),
    };
    let rows = view.methods.into_iter().map(|method| {
        let (_, name) = kind(method.kind);
        let hint = method.hint.or(method.name).unwrap_or_default();
        (
            method.id.to_string(),
            format!("{name} {}", isolated(&hint)).trim().to_owned(),
        )
    });
    view! {
        <SelectField name="method" label=td_string!(locale(), people.which).to_owned() rows=rows.collect() chosen/>
    }
}

/// The boxes of the roles. Whoever gets one signs in with a second factor from then on.
#[component]
fn Roles(view: PersonView) -> impl IntoView {
    let locale = locale();
    let held = match &view.tried {
        Some(Doing::Roles(roles)) => roles.clone(),
        _ => view.roles.clone(),
    };
    let has_factor = view.methods.iter().any(|method| {
        matches!(
            method.kind,
            MethodKind::App | MethodKind::Authenticator | MethodKind::Passkey
        )
    });
    let warning = (!has_factor).then(|| {
        view! { <Notice tone=Tone::Warn words=td_string!(locale, people.no_factor).to_owned()/> }
    });
    let boxes = Role::ALL.map(|role| {
        view! {
            <label class="option">
                <input type="checkbox" name=role.code() value="on" checked=held.contains(&role)/>
                <span>{role_name(role)}</span>
            </label>
        }
    });
    view! {
        {warning}
        <fieldset class="setting choices-of">
            <legend>{td_string!(locale, people.fact.roles)}</legend>
            <div class="options">{boxes.into_iter().collect::<Vec<_>>()}</div>
        </fieldset>
    }
}

#[component]
fn Reason(view: PersonView) -> impl IntoView {
    let locale = locale();
    let value = view
        .tried
        .as_ref()
        .and_then(Doing::reason)
        .unwrap_or_default()
        .to_owned();
    view! {
        <Field
            name="reason"
            label=td_string!(locale, people.reason)
            hint=td_string!(locale, people.reason_hint).to_owned()
            autocomplete="off"
            value
            maxlength=REASON_MOST
            why=view.wrong.as_ref().map(words::wrong)
        />
    }
}

#[component]
fn Password(view: PersonView) -> impl IntoView {
    let locale = locale();
    let input = NodeRef::<html::Input>::new();
    let wrong = view.refusal.filter(|refusal| *refusal == Refusal::PasswordWrong);
    view! {
        <input type="text" name="username" value=view.reader.user_name autocomplete="username" hidden=true/>
        <PasswordField
            name="password"
            autocomplete="current-password"
            label=td_string!(locale, console.change.password_label)
            input
            why=wrong.as_ref().map(refusal_words)
            more_id="password-more"
        />
        <p class="small soft" id="password-more">{td_string!(locale, console.change.password_hint)}</p>
    }
}
