//! The methods that are registered, how far one is with them, and what can be added.

use super::api;
use super::page::{Post, Security};
use crate::account::Expiring;
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{
    Button, Choice, Facts, Field, Fields, Form, Heading, Icon, Moment, Notice, Rank, Tone, count_down, icon,
    refusal_words,
};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::Refusal;
use regain_domain::gate::MethodKind;
use regain_domain::limits::METHOD_NAME_MOST;
use regain_domain::registration::{Advice, Listed, Overview, Said, Standing, Worth};

/// The list.
#[component]
pub(super) fn Methods(state: Security, overview: Overview, arrived: bool) -> impl IntoView {
    let locale = locale();
    let Overview {
        methods,
        offers,
        standing,
        advice,
        said,
        refusal,
        seconds_left,
        password_ends_at,
        renews_answers: renews,
        ..
    } = overview;
    let is_empty = methods.is_empty();
    let is_done = said == Some(Said::Enough);
    let adding = match is_done {
        true => view! { <Folded state offers/> }.into_any(),
        false => view! { <Adding state offers advice/> }.into_any(),
    };
    // Looked over, and done.
    let done = is_done.then(|| {
        view! { <div class="actions"><a class=Rank::First.class() href="/">{td_string!(locale, security.due.done)}</a></div> }
    });
    let rows: Vec<_> = methods
        .into_iter()
        .map(|listed| view! { <Method state listed renews/> })
        .collect();
    view! {
        <Heading
            arrived
            words=td_string!(locale, security.methods.heading).to_owned()
            lead=Some(standing_words(standing))
        />
        <Notices said refusal/>
        <Expiring at=password_ends_at/>
        {is_empty.then(|| view! { <p>{td_string!(locale, security.methods.none)}</p> })}
        {(!is_empty).then(|| view! { <ul class="methods">{rows}</ul> })}
        {done}
        {adding}
        <hr class="rule"/>
        <div class="actions">
            <a class=Rank::Quiet.class() href="/">{td_string!(locale, security.back)}</a>
            <Left state seconds=seconds_left/>
        </div>
    }
}

/// What just went well, and why the last post was refused.
#[component]
pub(super) fn Notices(said: Option<Said>, refusal: Option<Refusal>) -> impl IntoView {
    view! {
        {said.map(|said| view! { <Notice tone=Tone::Good is_alert=true words=said_words(said).to_owned()/> })}
        {refusal.map(|refusal| view! { <Notice tone=Tone::Bad is_alert=true words=refusal_words(&refusal)/> })}
    }
}

fn standing_words(standing: Standing) -> String {
    let locale = locale();
    match standing {
        Standing { is_reset_on: false, .. } => td_string!(locale, security.methods.reset_off).to_owned(),
        Standing { have, need, .. } if have >= need => td_string!(locale, security.methods.enough, have = have),
        Standing { have, need, .. } => td_string!(locale, security.methods.too_few, have = have, need = need),
    }
}

fn said_words(said: Said) -> &'static str {
    let locale = locale();
    match said {
        Said::Added => td_string!(locale, security.said.added),
        Said::Enough => td_string!(locale, security.said.enough),
        Said::Replaced => td_string!(locale, security.said.replaced),
        Said::Removed => td_string!(locale, security.said.removed),
        Said::Named => td_string!(locale, security.said.named),
        Said::Preferred => td_string!(locale, security.said.preferred),
    }
}

/// The picture of a kind, and its name.
pub(crate) fn kind_words(kind: MethodKind) -> (Icon, &'static str) {
    let locale = locale();
    match kind {
        MethodKind::App => (Icon::Key, td_string!(locale, security.kind.app)),
        MethodKind::Email => (Icon::Mail, td_string!(locale, security.kind.email)),
        MethodKind::Mobile => (Icon::Call, td_string!(locale, security.kind.mobile)),
        MethodKind::Office => (Icon::Call, td_string!(locale, security.kind.office)),
        MethodKind::Authenticator => (Icon::Key, td_string!(locale, security.kind.authenticator)),
        MethodKind::Passkey => (Icon::Key, td_string!(locale, security.kind.passkey)),
        MethodKind::Questions => (Icon::Info, td_string!(locale, security.kind.questions)),
    }
}

/// One method: what it is, since when, and what can be done with it. Where it is reviewed it says when it was confirmed last.
#[component]
pub(super) fn Method(
    state: Security,
    listed: Listed,
    renews: bool,
    #[prop(optional)] is_reviewed: bool,
) -> impl IntoView {
    let locale = locale();
    let (picture, kind) = kind_words(listed.kind);
    let heading = listed.name.clone().unwrap_or_else(|| kind.to_owned());
    // A name of one's own says what it is called, not what it is.
    let loaded = td_string!(locale, security.methods.loaded);
    let beneath = [
        listed.name.is_some().then(|| kind.to_owned()),
        listed.hint.as_deref().map(isolated),
        (!listed.is_verified).then(|| loaded.to_owned()),
    ];
    let beneath: Vec<String> = beneath.into_iter().flatten().collect();
    let confirmed = is_reviewed.then(|| {
        view! { <p class="small soft">{td_string!(locale, security.due.confirmed)} " " <Moment at=listed.confirmed_at/></p> }
    });
    let change = match is_reviewed {
        true => td_string!(locale, security.due.change),
        false => td_string!(locale, security.methods.change),
    };
    let tag = match (listed.worth, listed.is_preferred) {
        (Worth::Nothing, _) => Some(td_string!(locale, security.methods.unused)),
        (_, true) => Some(td_string!(locale, security.methods.preferred)),
        (_, false) => None,
    };
    let used = match listed.last_used_at {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => td_string!(locale, security.methods.never).into_any(),
    };
    let facts = vec![
        (
            td_string!(locale, security.methods.added),
            view! { <Moment at=listed.added_at/> }.into_any(),
        ),
        (td_string!(locale, security.methods.used), used),
    ];
    view! {
        <li class="method">
            <div class="method-head">
                <span class="pic">{icon(picture)}</span>
                <div>
                    <h2>{heading}</h2>
                    <p class="small soft">{beneath.join(" · ")}</p>
                    {confirmed}
                </div>
                {tag.map(|words| view! { <span class="tag">{words}</span> })}
            </div>
            <details class="more">
                <summary>{change}</summary>
                <div class="stack">
                    <Facts rows=facts/>
                    <Naming state listed=listed.clone()/>
                    <Acting state listed renews/>
                </div>
            </details>
        </li>
    }
}

#[component]
fn Naming(state: Security, listed: Listed) -> impl IntoView {
    let locale = locale();
    let id = listed.id.to_string();
    let send = {
        let id = id.clone();
        Box::new(move |fields: &Fields| {
            let (id, name) = (id.clone(), fields.text("name"));
            state.post(Post::Change { id, act: "name", name });
        })
    };
    view! {
        <Form class="stack-s" action=api::Change::PATH waiting=state.waiting() send>
            <input type="hidden" name="id" value=id.clone()/>
            <input type="hidden" name="act" value="name"/>
            <Field
                name="name"
                id=format!("name-{id}")
                autocomplete="off"
                label=td_string!(locale, security.methods.name_label)
                hint=td_string!(locale, security.methods.name_hint).to_owned()
                value=listed.name.unwrap_or_default()
                maxlength=METHOD_NAME_MOST
            />
            <div class="actions">
                <Button rank=Rank::Second words=td_string!(locale, security.methods.name_send) waiting=state.waiting()/>
            </div>
        </Form>
    }
}

/// Asked for first, answered anew where that may be, and removed.
#[component]
fn Acting(state: Security, listed: Listed, renews: bool) -> impl IntoView {
    let locale = locale();
    let prefer = (!listed.is_preferred && listed.worth != Worth::Nothing)
        .then(|| view! { <Act state id=listed.id.to_string() act="prefer" words=td_string!(locale, security.methods.prefer)/> });
    let remove = listed
        .may_remove
        .then(|| view! { <Act state id=listed.id.to_string() act="remove" words=td_string!(locale, security.methods.remove)/> });
    let renew = (renews && listed.kind == MethodKind::Questions).then(|| view! { <Renew state kind=listed.kind/> });
    let warning = (listed.worth == Worth::Needed).then(|| {
        view! { <Notice tone=Tone::Warn words=td_string!(locale, security.methods.needed).to_owned()/> }
    });
    view! {
        {warning}
        <div class="actions">
            {prefer}
            {renew}
            {remove}
        </div>
    }
}

#[component]
fn Act(state: Security, id: String, act: &'static str, words: &'static str) -> impl IntoView {
    let send = {
        let id = id.clone();
        Box::new(move |_: &Fields| {
            let (id, name) = (id.clone(), String::new());
            state.post(Post::Change { id, act, name });
        })
    };
    view! {
        <Form action=api::Change::PATH waiting=state.waiting() send>
            <input type="hidden" name="id" value=id/>
            <Button rank=Rank::Second words name="act" value=act.to_owned() waiting=state.waiting()/>
        </Form>
    }
}

/// Another one in its place: it is registered like a first one, and until then nothing changes.
#[component]
fn Renew(state: Security, kind: MethodKind) -> impl IntoView {
    let words = td_string!(locale(), security.methods.renew);
    let send = Box::new(move |_: &Fields| state.post(Post::Add(kind.code().to_owned())));
    view! {
        <Form action=api::Add::PATH waiting=state.waiting() send>
            <Button rank=Rank::Second words name="kind" value=kind.code().to_owned() waiting=state.waiting()/>
        </Form>
    }
}

/// A kind to add one of; the button sends its code as `kind`.
fn kind_row(kind: MethodKind) -> impl IntoView {
    let locale = locale();
    let (picture, words) = kind_words(kind);
    let hint = match kind {
        MethodKind::App => td_string!(locale, security.add.app_hint),
        MethodKind::Email => td_string!(locale, security.add.email_hint),
        MethodKind::Questions => td_string!(locale, security.add.questions_hint),
        MethodKind::Mobile => td_string!(locale, security.add.mobile_hint),
        MethodKind::Office => td_string!(locale, security.add.office_hint),
        MethodKind::Passkey => td_string!(locale, security.add.passkey_hint),
        MethodKind::Authenticator => td_string!(locale, security.add.authenticator_hint),
    };
    view! { <Choice name="kind" value=kind.code() picture words=words.to_owned() hint=hint.to_owned()/> }
}

/// What can be added, and what is best.
#[component]
fn Adding(state: Security, offers: Vec<MethodKind>, advice: Option<Advice>) -> impl IntoView {
    let locale = locale();
    let advised = match advice {
        Some(Advice::App) => Some(td_string!(locale, security.advice.app)),
        Some(Advice::Another) => Some(td_string!(locale, security.advice.another)),
        None => None,
    };
    (!offers.is_empty()).then(|| {
        view! {
            <section class="stack">
                <h2>{td_string!(locale, security.add.heading)}</h2>
                {advised.map(|words| view! { <p class="soft">{words}</p> })}
                <Kinds state kinds=offers/>
            </section>
        }
    })
}

/// What can be added, where something else comes first.
#[component]
pub(super) fn Folded(state: Security, offers: Vec<MethodKind>) -> impl IntoView {
    (!offers.is_empty()).then(|| {
        view! {
            <details class="more">
                <summary>{td_string!(locale(), security.add.heading)}</summary>
                <Kinds state kinds=offers/>
            </details>
        }
    })
}

/// Kinds to add one of.
#[component]
pub(super) fn Kinds(state: Security, kinds: Vec<MethodKind>) -> impl IntoView {
    let send = Box::new(move |fields: &Fields| state.post(Post::Add(fields.text("kind"))));
    let rows: Vec<_> = kinds.into_iter().map(kind_row).collect();
    view! { <Form class="choices" action=api::Add::PATH waiting=state.waiting() send>{rows}</Form> }
}

/// How long one may go on without proving anew who one is; then the page asks again.
#[component]
pub(super) fn Left(state: Security, seconds: u32) -> impl IntoView {
    let left = count_down(seconds);
    let minutes = Memo::new(move |_| left.get().div_ceil(60));
    Effect::new(move || {
        if left.get() == 0 && seconds > 0 {
            state.post(Post::Look);
        }
    });
    view! {
        <p class="small soft">
            {td_string!(locale(), security.methods.left)} " " <bdi dir="ltr" class="number">{minutes}</bdi>
        </p>
    }
}
