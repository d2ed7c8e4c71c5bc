//! A request, with all that is known of who asks; the number that is typed, and what comes after a no.

use super::api;
use super::phone::{Phone, Question, number};
use crate::i18n::{isolated, locale, span, td_string};
use crate::ui::{Button, CodeField, Facts, Fields, Form, Heading, Moment, Rank, count_down};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::approval::Answer;
use regain_domain::authenticator::Verdict;
use regain_domain::notice::Subject;

/// Somebody asks.
#[component]
pub(super) fn Asked(phone: Phone, question: Question) -> impl IntoView {
    let locale = locale();
    let seconds = question.request.expires_at.seconds_from(phone.clock.now());
    let refused = RwSignal::new(false);
    let approve = {
        let question = question.clone();
        Box::new(move |fields: &Fields| {
            let number = number(fields);
            refused.set(number.len() != 2);
            if number.len() == 2 {
                phone.answer(question.clone(), Verdict::Approve, number);
            }
        })
    };
    let deny = {
        let question = question.clone();
        move |_| phone.answer(question.clone(), Verdict::Deny, String::new())
    };
    let why = move || {
        refused
            .get()
            .then(|| td_string!(locale, authenticator.asked.two_digits).to_owned())
    };
    let lead: String = td_string!(locale, authenticator.asked.lead, house = question.kept.house.as_str());
    view! {
        <Heading arrived=true words=td_string!(locale, authenticator.asked.heading).to_owned() lead=Some(lead)/>
        <Known question=question.clone()/>
        <Form class="stack-l" action=api::Answer::PATH waiting=phone.busy send=approve>
            {move || view! {
                <CodeField
                    label=td_string!(locale, authenticator.asked.number_label)
                    hint=td_string!(locale, authenticator.asked.number_hint)
                    why=why()
                />
            }}
            <div class="actions">
                <Button words=td_string!(locale, authenticator.asked.approve) waiting=phone.busy/>
                <button class=Rank::Second.class() r#type="button" on:click=deny>
                    {td_string!(locale, authenticator.asked.deny)}
                </button>
            </div>
        </Form>
        <Left phone seconds/>
    }
}

/// Who, what for, with what, from where and when.
#[component]
fn Known(question: Question) -> impl IntoView {
    let locale = locale();
    let Question { kept, request } = question;
    let isolate = |text: String| view! { <bdi dir="auto">{text}</bdi> }.into_any();
    let unknown = || td_string!(locale, authenticator.asked.unknown).to_owned();
    let told = |text: String| if text.is_empty() { unknown() } else { text };
    let rows = vec![
        (td_string!(locale, authenticator.asked.who), isolate(kept.user_name)),
        (
            td_string!(locale, authenticator.asked.what),
            subject_words(request.subject).into_any(),
        ),
        (
            td_string!(locale, authenticator.asked.browser),
            isolate(told(request.browser)),
        ),
        (
            td_string!(locale, authenticator.asked.network),
            isolate(told(request.network)),
        ),
        (
            td_string!(locale, authenticator.asked.when),
            view! { <Moment at=request.asked_at/> }.into_any(),
        ),
    ];
    view! { <Facts rows/> }
}

fn subject_words(subject: Subject) -> &'static str {
    let locale = locale();
    match subject {
        Subject::Reset => td_string!(locale, authenticator.subject.reset),
        Subject::Unlock => td_string!(locale, authenticator.subject.unlock),
        Subject::Registration => td_string!(locale, authenticator.subject.registration),
        Subject::Change => td_string!(locale, authenticator.subject.change),
    }
}

/// Time that is left; at its end the app looks again.
#[component]
fn Left(phone: Phone, seconds: u32) -> impl IntoView {
    let left = count_down(seconds);
    Effect::new(move || {
        if left.get() == 0 && seconds > 0 {
            phone.look();
        }
    });
    view! {
        <p class="small soft">
            {td_string!(locale(), authenticator.asked.left)} " " <bdi dir="ltr" class="number">{move || span(left.get())}</bdi>
        </p>
    }
}

/// It was denied, or the number was wrong: if somebody else has asked, everybody who should know is told.
#[component]
pub(super) fn Denied(phone: Phone, question: Question, answer: Answer) -> impl IntoView {
    let locale = locale();
    let (heading, lead) = match answer {
        Answer::Wrong => (
            td_string!(locale, authenticator.denied.wrong_heading),
            td_string!(locale, authenticator.denied.wrong_lead).to_owned(),
        ),
        _ => (
            td_string!(locale, authenticator.denied.heading),
            td_string!(
                locale,
                authenticator.denied.lead,
                name = isolated(&question.kept.user_name)
            ),
        ),
    };
    let busy = move || phone.busy.get().then_some("true");
    let report = move |_| phone.answer(question.clone(), Verdict::NotMe, String::new());
    view! {
        <Heading arrived=true words=heading.to_owned() lead=Some(lead)/>
        <div class="actions">
            <button class=Rank::First.class() r#type="button" aria-disabled=busy on:click=report>
                {td_string!(locale, authenticator.denied.not_me)}
            </button>
            <button class=Rank::Quiet.class() r#type="button" on:click=move |_| phone.leave_denied()>
                {td_string!(locale, authenticator.denied.me)}
            </button>
        </div>
        <p class="small soft">{td_string!(locale, authenticator.denied.not_me_hint)}</p>
    }
}
