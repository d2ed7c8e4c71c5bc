//! A phone was asked, by a call or in the app, and the page waits for what it answers (R12, R13).

use crate::i18n::{isolated, locale, span, td_string};
use crate::ui::{Button, Form, Heading, Send, count_down};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// How often the page asks whether there is an answer.
const PAUSE: Duration = Duration::from_secs(2);
/// The same without scripts: the page loads itself again. In here, since the browser's program may not find it in the page.
const AGAIN: &str = r#"<meta http-equiv="refresh" content="5">"#;

/// What is waited for.
#[derive(Clone)]
pub(crate) struct AskedPhone {
    /// Heading.
    pub(crate) heading: &'static str,
    /// What to do on the phone.
    pub(crate) lead: String,
    /// The two digits to be typed in the app; nothing for a call.
    pub(crate) number: Option<String>,
    /// Whether there is something to collect.
    pub(crate) is_answered: bool,
    /// Seconds in which an answer counts; nothing where the page counts them elsewhere.
    pub(crate) seconds_left: Option<u32>,
}

impl AskedPhone {
    /// A number is typed in the app; without one it is a call, to the masked number where that may be shown.
    pub(crate) fn of(number: Option<String>, hint: Option<String>, is_answered: bool, seconds_left: u32) -> Self {
        let locale = locale();
        let heading = match number {
            Some(_) => td_string!(locale, reset.prove.push_heading),
            None => td_string!(locale, reset.prove.call_heading),
        };
        let lead = match (&number, hint) {
            (Some(_), _) => td_string!(locale, reset.prove.push_lead).to_owned(),
            (None, Some(masked)) => td_string!(locale, reset.prove.call_lead_to, number = isolated(&masked)),
            (None, None) => td_string!(locale, reset.prove.call_lead).to_owned(),
        };
        Self {
            heading,
            lead,
            number,
            is_answered,
            seconds_left: Some(seconds_left),
        }
    }
}

/// Whether there is an answer by now. Writes nothing.
pub(crate) type Poll = fn() -> Pin<Box<dyn Future<Output = bool>>>;

/// The page. `collect` posts the form with nothing in it, once there is an answer; so does the button, where there are no
/// scripts.
#[component]
pub(crate) fn Waiting(
    asked: AskedPhone,
    action: &'static str,
    #[prop(into)] waiting: Signal<bool>,
    collect: Callback<()>,
    poll: Poll,
    arrived: bool,
) -> impl IntoView {
    let locale = locale();
    let AskedPhone {
        heading,
        lead,
        number,
        is_answered,
        seconds_left,
    } = asked;
    ask_again(is_answered, waiting, collect, poll);
    let left = seconds_left.map(|seconds| {
        let left = count_down(seconds);
        view! { " " <bdi dir="ltr" class="number">{move || span(left.get())}</bdi> }
    });
    let send: Send = Box::new(move |_| collect.run(()));
    let number = number.map(|number| view! { <p class="match"><output><bdi dir="ltr">{number}</bdi></output></p> });
    let still = (!is_answered).then(|| {
        view! {
            <p class="wait with-scripts">{td_string!(locale, reset.prove.waiting)} {left}</p>
            <p class="small soft without-scripts">{td_string!(locale, reset.prove.waiting_still)}</p>
            <noscript inner_html=AGAIN></noscript>
        }
    });
    let answered = is_answered.then(|| {
        view! {
            <p>{td_string!(locale, reset.prove.answered)}</p>
            <Form action waiting send>
                <Button words=td_string!(locale, reset.prove.send) waiting/>
            </Form>
        }
    });
    view! {
        <Heading arrived words=heading.to_owned() lead=Some(lead)/>
        {number}
        {still}
        {answered}
    }
}

/// Asks every few seconds, and collects once there is an answer.
fn ask_again(is_answered: bool, waiting: Signal<bool>, collect: Callback<()>, poll: Poll) {
    Effect::new(move || {
        if is_answered {
            collect.run(());
            return;
        }
        let ask = move || {
            spawn_local(async move {
                // The page may be another one by now.
                if poll().await && waiting.try_get_untracked() == Some(false) {
                    collect.run(());
                }
            });
        };
        if let Ok(timer) = set_interval_with_handle(ask, PAUSE) {
            on_cleanup(move || timer.clear());
        }
    });
}
