//! The app's page: one scene at a time. The server draws the first one, which is empty.

use super::add::{Empty, Link};
use super::answer::{Asked, Denied};
use super::codes::Codes;
use super::phone::{Phone, Scene, Told};
use crate::Fault;
use crate::i18n::{locale, td_string};
use crate::ui::{FaultNote, Heading, Notice, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use regain_domain::approval::Answer;

/// The page.
pub(crate) fn authenticator() -> AnyView {
    let phone = Phone::new();
    let scene = Memo::new(move |_| phone.scene());
    let step = move || match *scene.read() {
        Scene::Loading => "loading",
        Scene::Link => "link",
        Scene::Empty => "empty",
        Scene::Codes => "codes",
        Scene::Asked(_) => "asked",
        Scene::Denied(..) => "denied",
    };
    // Without a network the codes go on: that is a note, and no fault.
    let fault = Signal::derive(move || phone.fault.get().filter(|fault| *fault != Fault::Unreached));
    view! {
        <Title text=td_string!(locale(), authenticator.title)/>
        <main class="sheet" id="main" data-step=step>
            <div class="card stack-l">
                <FaultNote fault/>
                <TellTale phone/>
                {move || draw(phone, scene.get())}
            </div>
        </main>
    }
    .into_any()
}

fn draw(phone: Phone, scene: Scene) -> AnyView {
    match scene {
        Scene::Loading => view! { <Loading/> }.into_any(),
        Scene::Link => view! { <Link phone/> }.into_any(),
        Scene::Empty => view! { <Empty/> }.into_any(),
        Scene::Codes => view! { <Codes phone/> }.into_any(),
        Scene::Asked(question) => view! { <Asked phone question/> }.into_any(),
        Scene::Denied(question, answer) => view! { <Denied phone question answer/> }.into_any(),
    }
}

/// While the database is read; and what there is to say where nothing runs.
#[component]
fn Loading() -> impl IntoView {
    let locale = locale();
    view! {
        <Heading arrived=false words=td_string!(locale, authenticator.title).to_owned()/>
        <p class="soft with-scripts">{td_string!(locale, authenticator.loading)}</p>
        <div class="without-scripts">
            <Notice tone=Tone::Warn words=td_string!(locale, authenticator.needs_scripts).to_owned()/>
        </div>
    }
}

/// What just happened, and that there is no network.
#[component]
fn TellTale(phone: Phone) -> impl IntoView {
    let told = move || {
        phone.told.get().map(|told| {
            let (tone, words) = told_words(told);
            view! { <Notice tone is_alert=true words=words.to_owned()/> }
        })
    };
    let offline = move || {
        let is_offline = phone.fault.get() == Some(Fault::Unreached);
        is_offline.then(|| {
            view! { <Notice tone=Tone::Plain words=td_string!(locale(), authenticator.offline).to_owned()/> }
        })
    };
    view! { {told} {offline} }
}

fn told_words(told: Told) -> (Tone, &'static str) {
    let locale = locale();
    match told {
        Told::Added => (Tone::Good, td_string!(locale, authenticator.told.added)),
        Told::BadLink => (Tone::Bad, td_string!(locale, authenticator.told.bad_link)),
        Told::Ended(Answer::Approved) => (Tone::Good, td_string!(locale, authenticator.told.approved)),
        Told::Ended(Answer::NotMe) => (Tone::Good, td_string!(locale, authenticator.told.reported)),
        Told::Ended(_) => (Tone::Plain, td_string!(locale, authenticator.told.denied)),
        Told::Over => (Tone::Warn, td_string!(locale, authenticator.told.over)),
        Told::Removed => (Tone::Warn, td_string!(locale, authenticator.told.removed)),
        Told::Forgotten => (Tone::Plain, td_string!(locale, authenticator.told.forgotten)),
    }
}
