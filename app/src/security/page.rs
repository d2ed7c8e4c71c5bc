//! The page of one's own methods: draws the screen that the last post returned, else the one that the rows give.

use super::{api, confirm::Confirm, confirm::Prove, enrol::Enrol, interrupt::Due, methods::Methods};
use crate::account::{Onward, away};
use crate::i18n::{locale, td_string};
use crate::looked::looked;
use crate::posting::{self, Posting};
use crate::ui::Frame;
use crate::{Fault, Typed};
use leptos::{prelude::*, task::spawn_local};
use regain_domain::Refusal;
use regain_domain::registration::SecurityScreen;

/// One post of the page.
#[derive(Clone)]
pub(super) enum Post {
    /// The password, or empty where it is not asked for.
    Confirm(Typed),
    /// A registered method, or empty.
    Choose(String),
    /// Its number.
    Number(String),
    /// Its code.
    Code(Typed),
    /// What the phone that was asked has answered.
    Collect,
    /// What the browser says of a passkey that is registered.
    Passkey(Typed),
    /// A kind to be added.
    Add(String),
    /// The address of the one on its way.
    Destination(String),
    /// What the phone has answered that is on its way.
    EnrolCollect,
    /// The code of the one on its way.
    EnrolCode(Typed),
    /// The new passkey, as the browser says it.
    EnrolPasskey(Typed),
    /// Questions by their codes, and answers.
    Answers([String; 5], [Typed; 5]),
    /// That code once more.
    Again,
    /// Leave it.
    Leave,
    /// An act on a registered one, and the name.
    Change {
        /// Which.
        id: String,
        /// What.
        act: &'static str,
        /// The name, where it is to be named.
        name: String,
    },
    /// Look again, after the time ran out.
    Look,
}

impl posting::Post for Post {
    type Screen = SecurityScreen;

    async fn answered(self) -> Result<SecurityScreen, Fault> {
        match self.send().await {
            Err(Fault::Stale) => api::look().await,
            other => other,
        }
    }
}

impl Post {
    async fn send(self) -> Result<SecurityScreen, Fault> {
        match self {
            Self::Confirm(password) => api::confirm(String::new(), password).await,
            Self::Choose(method) => api::choose(method).await,
            Self::Number(number) => api::prove(number, Typed::default(), Typed::default()).await,
            Self::Code(code) => api::prove(String::new(), code, Typed::default()).await,
            Self::Collect => api::prove(String::new(), Typed::default(), Typed::default()).await,
            Self::Passkey(answer) => api::prove(String::new(), Typed::default(), answer).await,
            Self::Add(kind) => api::add(kind).await,
            Self::Destination(address) => api::enrol(address, Typed::default()).await,
            Self::EnrolCollect => api::enrol(String::new(), Typed::default()).await,
            Self::EnrolCode(code) => api::enrol(String::new(), code).await,
            Self::EnrolPasskey(answer) => api::passkey(answer).await,
            Self::Answers(questions, answers) => answer(questions, answers).await,
            Self::Again => api::again().await,
            Self::Leave => api::leave().await,
            Self::Change { id, act, name } => api::change(id, act.to_owned(), name).await,
            Self::Look => api::look().await,
        }
    }
}

async fn answer(questions: [String; 5], answers: [Typed; 5]) -> Result<SecurityScreen, Fault> {
    let [first, second, third, fourth, fifth] = questions;
    let [one, two, three, four, five] = answers;
    api::questions(first, second, third, fourth, fifth, one, two, three, four, five).await
}

/// What the page holds on the client.
pub(super) type Security = Posting<Post>;

/// The page.
pub(crate) fn security() -> AnyView {
    let looked = looked(api::look);
    // To open the page is use of the session, but drawing it writes nothing: the page says so itself, once it is alive.
    Effect::new(|| spawn_local(async { drop(crate::account::look().await) }));
    Security::new().page(looked, draw)
}

fn draw(state: Security, screen: Result<SecurityScreen, Fault>, arrived: bool) -> AnyView {
    let locale = locale();
    let title = td_string!(locale, security.methods.heading).to_owned();
    let screen = match screen {
        Ok(screen) => screen,
        Err(fault) => {
            state.fault.set(Some(fault));
            return view! {
                <Frame title step="stopped" fault=state.fault>
                    <div class="actions"><a class="button" href="/security-info">{td_string!(locale, frame.again)}</a></div>
                </Frame>
            }
            .into_any();
        }
    };
    let step = screen.code();
    let refusal = screen.refusal().map(Refusal::code);
    let matter = match screen {
        SecurityScreen::SignedOut => return view! { <Away/> }.into_any(),
        SecurityScreen::Confirm {
            user_name,
            wants_password,
            due,
            refusal,
        } => view! { <Confirm state user_name wants_password due refusal arrived/> }.into_any(),
        SecurityScreen::Prove(screen, due) => view! { <Prove state screen due arrived/> }.into_any(),
        SecurityScreen::Methods(overview) => match overview.due {
            Some(due) => view! { <Due state overview due arrived/> }.into_any(),
            None => view! { <Methods state overview arrived/> }.into_any(),
        },
        SecurityScreen::Enrol(enrolling) => view! { <Enrol state enrolling arrived/> }.into_any(),
    };
    view! { <Frame title step refusal fault=state.fault>{matter}</Frame> }.into_any()
}

/// Not signed in.
#[component]
fn Away() -> impl IntoView {
    away(Onward::Security);
}
