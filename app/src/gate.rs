//! How gates look wherever one is chosen or proved: rows, headings, and a new code.

use crate::i18n::{isolated, locale, span, td_string};
use crate::shell::house_name;
use crate::ui::{Button, Choice, Form, Icon, Rank, Send, count_down};
use leptos::prelude::*;
use regain_domain::flow::GateOffer;
use regain_domain::gate::Gate;
use regain_domain::limits::MAIL_CODE_LIFE;

/// A gate to choose; the button sends its code as `method`.
pub(crate) fn row(offer: GateOffer) -> impl IntoView {
    let locale = locale();
    let (picture, words, hint) = match offer.gate {
        Gate::AppCode => (
            Icon::Key,
            td_string!(locale, reset.choose.app_code),
            td_string!(locale, reset.choose.app_code_hint).to_owned(),
        ),
        Gate::Email => (
            Icon::Mail,
            td_string!(locale, reset.choose.email),
            email_hint(offer.hint),
        ),
        Gate::Questions => (
            Icon::Info,
            td_string!(locale, reset.choose.questions),
            td_string!(locale, reset.choose.questions_hint).to_owned(),
        ),
    };
    view! { <Choice name="method" value=offer.gate.code() picture words=words.to_owned() hint/> }
}

fn email_hint(masked: Option<String>) -> String {
    let locale = locale();
    match masked {
        Some(address) => td_string!(locale, reset.choose.email_to, address = isolated(&address)),
        None => td_string!(locale, reset.choose.email_hint).into(),
    }
}

/// Heading and lead of the page that asks for a gate's code.
pub(crate) fn code_words(gate: Gate, hint: Option<String>) -> (&'static str, String) {
    let locale = locale();
    let minutes = MAIL_CODE_LIFE.as_secs() / 60;
    match (gate, hint) {
        (Gate::Questions, _) => (
            td_string!(locale, reset.prove.questions_heading),
            td_string!(locale, reset.prove.questions_lead).to_owned(),
        ),
        (Gate::AppCode, _) => (
            td_string!(locale, reset.prove.app_heading),
            td_string!(locale, reset.prove.app_lead, org = house_name()),
        ),
        (Gate::Email, None) => (
            td_string!(locale, reset.prove.mail_heading),
            td_string!(locale, reset.prove.mail_lead, minutes = minutes),
        ),
        (Gate::Email, Some(hint)) => (
            td_string!(locale, reset.prove.mail_heading),
            td_string!(
                locale,
                reset.prove.mail_lead_to,
                address = isolated(&hint),
                minutes = minutes
            ),
        ),
    }
}

/// A new code, once it can be sent; the button sends `value` as `method`. With scripts off it is there at once, with the
/// wait in words beside it.
#[component]
pub(crate) fn Resend(
    action: &'static str,
    #[prop(into)] waiting: Signal<bool>,
    send: Send,
    seconds: u32,
    value: &'static str,
) -> impl IntoView {
    let locale = locale();
    let left = count_down(seconds);
    let class = move || if left.get() > 0 { "without-scripts" } else { "" };
    view! {
        <span class="with-scripts" hidden=move || left.get() == 0>
            <span class="wait">{move || td_string!(locale, reset.prove.resend_wait, wait = span(left.get()))}</span>
        </span>
        {(seconds > 0).then(|| {
            let words: String = td_string!(locale, reset.prove.resend_wait, wait = span(seconds));
            view! { <span class="small soft without-scripts">{words}</span> }
        })}
        <div class=class>
            <Form action waiting send>
                <Button
                    rank=Rank::Second
                    words=td_string!(locale, reset.prove.resend)
                    name="method"
                    value=value.to_owned()
                />
            </Form>
        </div>
    }
}
