//! How gates look wherever one is chosen or proved: rows, headings, a number to be named, a phone that is waited for, a
//! passkey, and a new code.

mod number;
mod passkey;
mod waiting;

pub(crate) use number::Number;
pub(crate) use passkey::PasskeyProof;
pub(crate) use waiting::{AskedPhone, Waiting};

use crate::i18n::{isolated, locale, span, td_string};
use crate::shell::house_name;
use crate::ui::{Button, Choice, Form, Icon, Rank, Send, count_down};
use leptos::prelude::*;
use regain_domain::flow::GateOffer;
use regain_domain::gate::Gate;
use regain_domain::limits::{MAIL_CODE_LIFE, ONE_TIME_PASS_LIFE, PHONE_CODE_LIFE};

/// A gate to choose; the button sends its code as `method`.
pub(crate) fn row(offer: GateOffer) -> impl IntoView {
    let locale = locale();
    let (picture, words) = match offer.gate {
        Gate::Passkey => (Icon::Key, td_string!(locale, reset.choose.passkey)),
        Gate::AppPush => (Icon::Tick, td_string!(locale, reset.choose.app_push)),
        Gate::AppCode => (Icon::Key, td_string!(locale, reset.choose.app_code)),
        Gate::Email => (Icon::Mail, td_string!(locale, reset.choose.email)),
        Gate::OfficeCall => (Icon::Call, td_string!(locale, reset.choose.office_call)),
        Gate::MobileWhatsapp => (Icon::Call, td_string!(locale, reset.choose.mobile_whatsapp)),
        Gate::MobileCall => (Icon::Call, td_string!(locale, reset.choose.mobile_call)),
        Gate::MobileSms => (Icon::Call, td_string!(locale, reset.choose.mobile_sms)),
        Gate::Questions => (Icon::Info, td_string!(locale, reset.choose.questions)),
        Gate::OneTimePass => (Icon::Key, td_string!(locale, reset.choose.one_time_pass)),
    };
    view! { <Choice name="method" value=offer.gate.code() picture words=words.to_owned() hint=hint(&offer)/> }
}

/// What will happen: to which address or number, where that may be shown.
fn hint(offer: &GateOffer) -> String {
    let locale = locale();
    match (offer.gate, &offer.hint) {
        _ if offer.is_troubled => td_string!(locale, reset.choose.troubled).into(),
        (_, Some(masked)) => td_string!(locale, reset.choose.email_to, address = isolated(masked)),
        (Gate::Passkey, None) => td_string!(locale, reset.choose.passkey_hint).into(),
        (Gate::AppPush, None) => td_string!(locale, reset.choose.app_push_hint).into(),
        (Gate::AppCode, None) => td_string!(locale, reset.choose.app_code_hint).into(),
        (Gate::Email, None) => td_string!(locale, reset.choose.email_hint).into(),
        (Gate::Questions, None) => td_string!(locale, reset.choose.questions_hint).into(),
        (Gate::OneTimePass, None) => td_string!(locale, reset.choose.one_time_pass_hint).into(),
        (_, None) => td_string!(locale, reset.choose.phone_hint).into(),
    }
}

/// Heading and lead of the page that asks for a gate's code.
pub(crate) fn code_words(gate: Gate, hint: Option<String>) -> (&'static str, String) {
    let locale = locale();
    let life = match gate {
        Gate::Email => MAIL_CODE_LIFE,
        Gate::OneTimePass => ONE_TIME_PASS_LIFE,
        _ => PHONE_CODE_LIFE,
    };
    let minutes = life.as_secs() / 60;
    let heading = match gate {
        Gate::Questions => td_string!(locale, reset.prove.questions_heading),
        Gate::AppCode => td_string!(locale, reset.prove.app_heading),
        Gate::Email => td_string!(locale, reset.prove.mail_heading),
        Gate::OneTimePass => td_string!(locale, reset.prove.pass_heading),
        _ => td_string!(locale, reset.prove.phone_heading),
    };
    let lead = match (gate, hint) {
        (Gate::Questions, _) => td_string!(locale, reset.prove.questions_lead).to_owned(),
        (Gate::AppCode, _) => td_string!(locale, reset.prove.app_lead, org = house_name()),
        (Gate::OneTimePass, _) => td_string!(locale, reset.prove.pass_lead, minutes = minutes),
        // It rings for a person who may not be told whether it does.
        (Gate::MobileCall, _) => td_string!(locale, reset.prove.spoken_lead).to_owned(),
        (_, Some(hint)) => td_string!(
            locale,
            reset.prove.mail_lead_to,
            address = isolated(&hint),
            minutes = minutes
        ),
        (Gate::Email, None) => td_string!(locale, reset.prove.mail_lead, minutes = minutes),
        (_, None) => td_string!(locale, reset.prove.phone_lead, minutes = minutes),
    };
    (heading, lead)
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
