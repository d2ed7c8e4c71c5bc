//! The check of a person on the identify page: the device's own work, or a picture, a sound or a wait.

use super::proof::Proof;
use super::wizard::{Post, Wizard};
use crate::i18n::{locale, span, td_string};
use crate::ui::{Field, KIOSK, Rank, count_down, in_kiosk};
use leptos::prelude::*;
use regain_domain::flow::CaptchaOffer;

/// The whole box. Rendered with the other ways open; the shell's script folds them where there are scripts, unless one of them
/// is under way (`is_fresh`).
#[component]
pub(super) fn Captcha(
    wizard: Wizard,
    proof: RwSignal<Proof>,
    offer: CaptchaOffer,
    why: Option<String>,
    is_fresh: bool,
) -> impl IntoView {
    let locale = locale();
    let is_open = !is_fresh || !cfg!(target_family = "wasm");
    let failed = move || *proof.read() == Proof::Failed;
    view! {
        <section class="check" data-state=move || state(&proof.read())>
            <Line proof/>
            <input r#type="hidden" name="captcha" prop:value=move || proof.read().solution().unwrap_or_default().to_owned()/>
            <details open=move || is_open || failed() data-fold=is_fresh.then_some("")>
                <summary>{td_string!(locale, reset.check.other)}</summary>
                <div class="check-other">
                    <Picture wizard ticket=offer.ticket why/>
                    <div class="check-or">{td_string!(locale, reset.check.or)}</div>
                    <Wait offer=offer.wait/>
                </div>
            </details>
        </section>
    }
}

const fn state(proof: &Proof) -> &'static str {
    match proof {
        Proof::Idle => "idle",
        Proof::Working(_) => "working",
        Proof::Done(_) => "done",
        Proof::Failed => "failed",
    }
}

/// How the device's own work goes; with scripts off, what to do instead.
#[component]
fn Line(proof: RwSignal<Proof>) -> impl IntoView {
    let locale = locale();
    let words = move || match *proof.read() {
        Proof::Idle | Proof::Working(_) => (
            td_string!(locale, reset.check.working),
            td_string!(locale, reset.check.working_hint),
        ),
        Proof::Done(_) => (
            td_string!(locale, reset.check.done),
            td_string!(locale, reset.check.done_hint),
        ),
        Proof::Failed => (
            td_string!(locale, reset.check.failed),
            td_string!(locale, reset.check.failed_hint),
        ),
    };
    let percent = move || match *proof.read() {
        Proof::Working(percent) => percent.to_string(),
        Proof::Done(_) => "100".to_owned(),
        Proof::Idle | Proof::Failed => "0".to_owned(),
    };
    view! {
        <div class="with-scripts">
            <div class="check-line">
                <span class="check-mark" aria-hidden="true"></span>
                <span role="status"><b>{move || words().0}</b><small>{move || words().1}</small></span>
                <progress max="100" value=percent aria-label=td_string!(locale, reset.check.working)></progress>
            </div>
        </div>
        <div class="without-scripts">
            <div class="check-line">
                <span class="check-mark" aria-hidden="true"></span>
                <span><b>{td_string!(locale, reset.check.idle)}</b><small>{td_string!(locale, reset.check.idle_hint)}</small></span>
            </div>
        </div>
    }
}

/// Six digits to see or to hear.
#[component]
fn Picture(wizard: Wizard, ticket: String, why: Option<String>) -> impl IntoView {
    let locale = locale();
    let (picture, sound) = (format!("/captcha/{ticket}.png"), format!("/captcha/{ticket}.wav"));
    let another = td_string!(locale, reset.check.another);
    // Nothing to save or to play elsewhere: a kiosk has no way out.
    let sound =
        view! { <audio controls preload="none" src=sound aria-label=td_string!(locale, reset.check.sound)></audio> }
            .attr("controlslist", "nodownload noplaybackrate");
    view! {
        <img class="check-picture" src=picture alt=td_string!(locale, reset.check.picture) width="280" height="90" loading="lazy"/>
        {sound}
        <input r#type="hidden" name="captcha_ticket" value=ticket/>
        <Field name="captcha_answer" autocomplete="off" label=td_string!(locale, reset.check.answer_label) why/>
        <div class="actions">
            <span class="with-scripts">
                <button class=Rank::Second.class() r#type="button" on:click=move |_| wizard.post(Post::Look)>{another}</button>
            </span>
            <span class="without-scripts"><a class=Rank::Second.class() href=if in_kiosk() { KIOSK } else { "/reset" }>{another}</a></span>
        </div>
    }
}

/// No puzzle at all: half a minute.
#[component]
fn Wait(offer: Option<(String, u32)>) -> impl IntoView {
    let locale = locale();
    let Some((ticket, seconds)) = offer else {
        let words = td_string!(locale, reset.check.wait);
        return view! {
            <div class="actions"><button class=Rank::Second.class() name="captcha_wait" value="new">{words}</button></div>
        }
        .into_any();
    };
    let left = count_down(seconds);
    let class = move || if left.get() > 0 { "without-scripts" } else { "" };
    view! {
        <p class="small without-scripts">{td_string!(locale, reset.check.waiting_still, wait = span(seconds))}</p>
        <div class="actions">
            <span class="with-scripts" hidden=move || left.get() == 0>
                <span class="wait">{move || td_string!(locale, reset.check.waiting, wait = span(left.get()))}</span>
            </span>
            <span class=class>
                <button class=Rank::Second.class() name="captcha_wait" value=ticket>{td_string!(locale, reset.check.waited)}</button>
            </span>
        </div>
    }
    .into_any()
}
