//! One person: how their account stands, what the wizard would do for them, their methods, and what may be done.

use super::super::doctor::Found as Findings;
use super::super::frame::ConsoleFrame;
use super::super::guarded::guarded;
use super::act::ActPanel;
use super::list::PATH as PEOPLE;
use super::{api, words};
use crate::account::role_words;
use crate::i18n::{isolated, locale, td_string};
use crate::roots::{go, query};
use crate::security::kind;
use crate::ui::{ChoiceLink, Facts, Heading, Icon, Moment, Notice, Rank, Tone, refusal_words};
use leptos::prelude::*;
use regain_domain::Refusal;
use regain_domain::people::{PersonAct, PersonView, Said, Wrong};
use regain_domain::registration::Listed;

/// Its address. With `?act=` it has the form of an act above the facts.
pub(super) const PATH: &str = "/console/users/person";

/// The page.
pub(crate) fn person() -> AnyView {
    let title = td_string!(locale(), people.name);
    guarded(title, PATH, api::look_person, opened)
}

/// Nobody's record is open: a person is found first.
fn opened(view: Option<PersonView>) -> AnyView {
    if let Some(view) = view {
        return view! { <Page view/> }.into_any();
    }
    go(PEOPLE);
    ().into_any()
}

#[component]
fn Page(view: PersonView) -> impl IntoView {
    let locale = locale();
    let asked = query("act").and_then(|code| PersonAct::of_code(&code));
    let tried = view.tried.as_ref().map(regain_domain::people::Doing::act);
    let chosen = tried.or(asked).filter(|act| view.acts.contains(act));
    let refusal = view.refusal.as_ref().map(Refusal::code);
    let refusal = refusal.or_else(|| view.wrong.as_ref().map(Wrong::code));
    let panel = chosen.map(|act| view! { <ActPanel view=view.clone() act/> });
    let acts = (chosen.is_none() && !view.acts.is_empty()).then(|| view! { <Acts acts=view.acts.clone()/> });
    view! {
        <ConsoleFrame
            title=td_string!(locale, people.name)
            step="person"
            refusal
            roles=view.reader.roles.clone()
            here=PEOPLE
        >
            <Heading arrived=false words=isolated(&view.name) lead=Some(isolated(&view.user_name))/>
            <Notes view=view.clone()/>
            {panel}
            <Account view=view.clone()/>
            {acts}
            <Findings findings=view.findings.clone()/>
            <Methods methods=view.methods/>
            <div class="actions"><a class=Rank::Second.class() href=PEOPLE>{td_string!(locale, people.back)}</a></div>
        </ConsoleFrame>
    }
}

/// What is to be said of the page as a whole.
#[component]
fn Notes(view: PersonView) -> impl IntoView {
    let said = view.said.map(|said| {
        let words = match said {
            Said::Created => td_string!(locale(), people.done.created).to_owned(),
            Said::Done(act) => words::done(act).to_owned(),
        };
        view! { <Notice tone=Tone::Good is_alert=true words/> }
    });
    let refusal = view.refusal.filter(|refusal| *refusal != Refusal::PasswordWrong);
    let refusal = refusal.map(|refusal| view! { <Notice tone=Tone::Bad is_alert=true words=refusal_words(&refusal)/> });
    view! { {said} {refusal} }
}

/// How the account stands.
#[component]
fn Account(view: PersonView) -> impl IntoView {
    let locale = locale();
    let none = || td_string!(locale, people.none).to_owned();
    let text = |text: String| if text.is_empty() { none() } else { text };
    let yes_no = |is: bool| match is {
        true => td_string!(locale, people.yes),
        false => td_string!(locale, people.no),
    };
    let state = match words::status(view.status) {
        Some((class, words)) => view! { <span class=class>{words}</span> }.into_any(),
        None => td_string!(locale, people.status.active).into_any(),
    };
    let must_change = view
        .must_change
        .then(|| view! { " · " {td_string!(locale, people.fact.must_change)} });
    let must_register = view
        .standing
        .must_register
        .then(|| view! { <span class="tag warn">{td_string!(locale, people.fact.must_register)}</span> });
    let mut rows = vec![
        (td_string!(locale, people.fact.status), state),
        (
            td_string!(locale, people.fact.password),
            view! { <Moment at=view.password_changed_at/> {must_change} }.into_any(),
        ),
        (
            td_string!(locale, people.fact.mail),
            view! { <bdi dir="ltr">{text(view.mail.unwrap_or_default())}</bdi> }.into_any(),
        ),
        (
            td_string!(locale, people.fact.roles),
            text(role_words(&view.roles)).into_any(),
        ),
        (
            td_string!(locale, people.fact.groups),
            text(view.groups.join(" · ")).into_any(),
        ),
        (
            td_string!(locale, people.fact.registered),
            view! { {yes_no(view.standing.is_registered)} " " {must_register} }.into_any(),
        ),
        (
            td_string!(locale, people.fact.enabled),
            yes_no(view.standing.is_enabled).into_any(),
        ),
    ];
    if let Some(until) = view.held.blocked_until {
        rows.push((
            td_string!(locale, people.fact.blocked),
            view! { <Moment at=until/> }.into_any(),
        ));
    }
    if let Some(until) = view.pass_until {
        rows.push((
            td_string!(locale, people.fact.pass),
            view! { <Moment at=until/> }.into_any(),
        ));
    }
    if view.held.is_paused {
        rows.push((td_string!(locale, people.fact.paused), yes_no(true).into_any()));
    }
    view! { <Facts rows/> }
}

/// What may be done, each as the way to its form.
#[component]
fn Acts(acts: Vec<PersonAct>) -> impl IntoView {
    let ways: Vec<_> = acts
        .into_iter()
        .map(|act| {
            let (name, hint) = words::act(act);
            let href = format!("{PATH}?act={}", act.code());
            view! { <ChoiceLink href picture=Icon::Key words=name.to_owned() hint=hint.to_owned()/> }
        })
        .collect();
    view! {
        <section class="stack-s" aria-labelledby="acts">
            <h2 id="acts">{td_string!(locale(), people.acts)}</h2>
            <div class="choices">{ways}</div>
        </section>
    }
}

/// Their methods, masked.
#[component]
fn Methods(methods: Vec<Listed>) -> impl IntoView {
    let locale = locale();
    let rows: Vec<_> = methods
        .into_iter()
        .map(|method| {
            let (_, name) = kind(method.kind);
            let hint = method.hint.or(method.name);
            let hint = hint.map(|hint| view! { " " <bdi dir="ltr" class="soft">{hint}</bdi> });
            let loaded = (!method.is_verified)
                .then(|| view! { " " <span class="tag">{td_string!(locale, people.unverified)}</span> });
            view! { <li>{name} {hint} {loaded} " · " <Moment at=method.added_at/></li> }
        })
        .collect();
    let rows = match rows.is_empty() {
        true => view! { <p class="soft">{td_string!(locale, people.none)}</p> }.into_any(),
        false => view! { <ul class="people">{rows}</ul> }.into_any(),
    };
    view! {
        <section class="panel stack-s" aria-labelledby="all-methods">
            <h2 id="all-methods">{td_string!(locale, people.methods)}</h2>
            {rows}
        </section>
    }
}
