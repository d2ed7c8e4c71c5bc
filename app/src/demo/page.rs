//! `/demo` for people: what arrived, whom one can be, and what to try.

use crate::account::role_words;
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Moment, Rank};
use leptos::prelude::*;
use regain_domain::Timestamp;
use regain_domain::role::Role;

/// What the page shows: of one tenant.
#[derive(Clone, Debug, Default)]
pub struct DemoView {
    /// Newest first.
    pub messages: Vec<DemoMessage>,
    /// In the order in which they are listed.
    pub people: Vec<DemoPerson>,
}

/// A message that would have left the machine.
#[derive(Clone, Debug)]
pub struct DemoMessage {
    /// Counts up.
    pub id: i64,
    /// When it was sent.
    pub at: Timestamp,
    /// `mail`, `sms`, `call`, `captcha` and so on.
    pub channel: String,
    /// To whom.
    pub to: String,
    /// The subject, if the channel has one.
    pub subject: String,
    /// The words.
    pub text: String,
    /// The code in it, if there is one.
    pub code: Option<String>,
}

/// An account to try.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// The user name.
    pub user_name: String,
    /// The password as first set.
    pub password: String,
    /// Roles, if any.
    pub roles: Vec<Role>,
    /// Mail addresses, the one that takes codes last.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub numbers: Vec<String>,
    /// What the authenticator app shows at the moment.
    pub app_code: Option<String>,
}

/// The whole page.
#[component]
pub fn DemoApp(view: DemoView) -> impl IntoView {
    let locale = locale();
    view! {
        <main class="sheet wide stack-l" id="main" data-step="demo">
            <div class="card stack">
                <p class="soft small">{td_string!(locale, demo.ribbon)}</p>
                <h1>{td_string!(locale, demo.heading)}</h1>
                <p>{td_string!(locale, demo.lead)}</p>
                <div class="actions">
                    <a class=Rank::First.class() href="/reset">{td_string!(locale, demo.start)}</a>
                    <a class=Rank::Second.class() href="/signin">{td_string!(locale, demo.signin)}</a>
                    <a class=Rank::Second.class() href="/demo">{td_string!(locale, demo.refresh)}</a>
                    <form action="/demo/fresh" method="post">
                        <button class=Rank::Quiet.class()>{td_string!(locale, demo.over)}</button>
                    </form>
                </div>
            </div>
            <div class="columns">
                <Mailbox messages=view.messages/>
                <People people=view.people/>
            </div>
        </main>
    }
}

#[component]
fn Mailbox(messages: Vec<DemoMessage>) -> impl IntoView {
    let locale = locale();
    let empty = messages
        .is_empty()
        .then(|| view! { <li class="empty">{td_string!(locale, demo.empty)}</li> });
    let letters: Vec<_> = messages
        .into_iter()
        .enumerate()
        .map(|(nth, message)| letter(message, nth == 0))
        .collect();
    view! {
        <section class="stack" aria-labelledby="mailbox">
            <h2 id="mailbox">{td_string!(locale, demo.mailbox)}</h2>
            <ol class="mailbox">{empty}{letters}</ol>
        </section>
    }
}

fn letter(message: DemoMessage, is_open: bool) -> impl IntoView {
    let call = (message.channel == "call").then(|| view! { <Call id=message.id/> });
    let subject = if message.subject.is_empty() {
        message.channel
    } else {
        message.subject
    };
    let to: Option<String> =
        (!message.to.is_empty()).then(|| td_string!(locale(), demo.to, address = isolated(&message.to)));
    let code = message
        .code
        .map(|code| view! { <span class="letter-code"><bdi dir="ltr">{code}</bdi></span> });
    view! {
        <li class="letter">
            <details open=is_open>
                <summary>
                    <b>{subject}</b>
                    <Moment at=message.at/>
                    {to.map(|to| view! { <small>{to}</small> })}
                    {code}
                </summary>
                <div class="letter-body"><pre dir="auto">{message.text}</pre>{call}</div>
            </details>
        </li>
    }
}

/// What one can do with a phone that rings.
#[component]
fn Call(id: i64) -> impl IntoView {
    let locale = locale();
    let key = |digits: &'static str, words: &'static str| {
        view! { <button class=Rank::Second.class() name="digits" value=digits>{words}</button> }
    };
    view! {
        <form class="actions" action=format!("/demo/calls/{id}/press") method="post">
            {key("#", td_string!(locale, demo.answer))}
            {key("9#", td_string!(locale, demo.report))}
            {key("", td_string!(locale, demo.ignore))}
        </form>
    }
}

#[component]
fn People(people: Vec<DemoPerson>) -> impl IntoView {
    let locale = locale();
    let rows: Vec<_> = people.into_iter().map(person).collect();
    let label = td_string!(locale, demo.people);
    view! {
        <section class="stack">
            <h2>{label}</h2>
            <p class="soft small">{td_string!(locale, demo.password_hint)}</p>
            <div class="table people" tabindex="0" role="region" aria-label=label>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{td_string!(locale, demo.who)}</th>
                            <th scope="col">{td_string!(locale, demo.password)}</th>
                            <th scope="col">{td_string!(locale, demo.app_code)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

fn person(person: DemoPerson) -> impl IntoView {
    let locale = locale();
    let roles = (!person.roles.is_empty()).then(|| view! { <small>{role_words(&person.roles)}</small><br/> });
    // Codes go to the last one.
    let mail = person
        .emails
        .last()
        .map(|address| view! { <small><bdi dir="ltr">{address.clone()}</bdi></small> });
    let numbers: Vec<_> = person
        .numbers
        .into_iter()
        .map(|number| view! { <br/><small><bdi dir="ltr">{number}</bdi></small> })
        .collect();
    let code = match person.app_code {
        Some(code) => view! { <code><bdi dir="ltr" class="number">{code}</bdi></code> }.into_any(),
        None => td_string!(locale, demo.no_code).into_any(),
    };
    view! {
        <tr>
            <th scope="row"><bdi dir="ltr">{person.user_name}</bdi><br/>{roles}{mail}{numbers}</th>
            <td><code><bdi dir="ltr">{person.password}</bdi></code></td>
            <td>{code}</td>
        </tr>
    }
}
