//! The page of «This was not me». It has no program: a form posts, and the next page says what became of it.

use super::api;
use crate::Fault;
use crate::i18n::{isolated, locale, td_string};
use crate::looked::looked;
use crate::ui::{Button, ChoiceLink, Facts, Field, Frame, Heading, HelpChoice, Icon, Moment, Notice, Tone, icon, why};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::Refusal;
use regain_domain::brand::HelpLink;
use regain_domain::not_me::{NotMeScreen, Stop};

/// How a reference looks.
const EXAMPLE: &str = "K7QM2-XWD3H";
/// Longest text in the field.
const MOST: usize = 64;

/// The page.
pub(crate) fn not_me() -> AnyView {
    let looked = looked(api::look);
    view! { <Suspense>{move || Suspend::new(async move { draw(looked.await) })}</Suspense> }.into_any()
}

fn draw(screen: Result<NotMeScreen, Fault>) -> AnyView {
    let (step, refusal, fault, matter) = match screen {
        Ok(NotMeScreen::Form { refusal }) => {
            let code = refusal.as_ref().map(Refusal::code);
            ("not-me", code, None, view! { <Ask refusal/> }.into_any())
        }
        Ok(NotMeScreen::Stopped { stop, help }) => {
            ("not-me-stopped", None, None, view! { <Stopped stop help/> }.into_any())
        }
        Err(fault) => ("stopped", None, Some(fault), ().into_any()),
    };
    let title = td_string!(locale(), not_me.heading).to_owned();
    let fault = RwSignal::new(fault);
    view! { <Frame title step refusal fault>{matter}</Frame> }.into_any()
}

#[component]
fn Ask(refusal: Option<Refusal>) -> impl IntoView {
    let locale = locale();
    let refusals: Vec<Refusal> = refusal.into_iter().collect();
    view! {
        <Heading
            arrived=false
            words=td_string!(locale, not_me.heading).to_owned()
            lead=Some(td_string!(locale, not_me.lead).to_owned())
        />
        <form class="stack-l" action=api::Stop::PATH method="post" novalidate=true>
            <Field
                name="reference"
                autocomplete="off"
                label=td_string!(locale, not_me.label)
                hint=td_string!(locale, not_me.hint, example = isolated(EXAMPLE))
                maxlength=MOST
                why=why(&refusals, |_| true)
            />
            <div class="actions"><Button words=td_string!(locale, not_me.send)/></div>
        </form>
        <div class="stack-s">
            <h2>{td_string!(locale, not_me.does)}</h2>
            <ul class="points">
                <li>{td_string!(locale, not_me.ends)}</li>
                <li>{td_string!(locale, not_me.signs_out)}</li>
                <li>{td_string!(locale, not_me.rests)}</li>
                <li>{td_string!(locale, not_me.tells)}</li>
            </ul>
        </div>
        <Notice tone=Tone::Plain words=td_string!(locale, not_me.harmless).to_owned()/>
    }
}

/// It is stopped. Whose account it was is not said: a reference is proof enough to stop, and to nothing else.
#[component]
fn Stopped(stop: Stop, help: Option<HelpLink>) -> impl IntoView {
    let locale = locale();
    let until = stop.until.map(|until| {
        let label = td_string!(locale, not_me.stopped.until);
        (label, view! { <Moment at=until/> }.into_any())
    });
    let mut rows: Vec<_> = until.into_iter().collect();
    rows.push((
        td_string!(locale, not_me.stopped.sessions),
        td_string!(locale, not_me.stopped.everywhere).into_any(),
    ));
    rows.push((
        td_string!(locale, not_me.stopped.told),
        td_string!(locale, not_me.stopped.staff).into_any(),
    ));
    view! {
        <span class="sign good">{icon(Icon::Tick)}</span>
        <Heading
            arrived=false
            words=td_string!(locale, not_me.stopped.heading).to_owned()
            lead=Some(td_string!(locale, not_me.stopped.lead).to_owned())
        />
        <Facts rows/>
        <div class="stack">
            <h2>{td_string!(locale, not_me.stopped.next)}</h2>
            <Notice
                tone=Tone::Warn
                heading=Some(td_string!(locale, not_me.stopped.changed))
                words=td_string!(locale, not_me.stopped.changed_hint).to_owned()
            />
            <Person help/>
            <ChoiceLink
                href="/signin".to_owned()
                picture=Icon::SignIn
                words=td_string!(locale, not_me.stopped.signin).to_owned()
                hint=td_string!(locale, not_me.stopped.signin_hint).to_owned()
            />
        </div>
    }
}

/// The helpdesk, or who to ask where there is none.
#[component]
fn Person(help: Option<HelpLink>) -> impl IntoView {
    match help {
        Some(link) => view! { <HelpChoice link/> }.into_any(),
        None => view! { <p>{td_string!(locale(), not_me.stopped.nobody)}</p> }.into_any(),
    }
}
