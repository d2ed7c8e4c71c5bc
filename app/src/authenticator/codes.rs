//! The accounts on this phone with their codes, which need no network; and whether the phone can be woken.

use super::crypto;
use super::keep::{self, Kept};
use super::phone::Phone;
use super::wake::{self, Alerts};
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Heading, Icon, Notice, Rank, Tone, icon};
use leptos::{prelude::*, task::spawn_local};
use regain_domain::authenticator::codes;
use std::time::Duration;

/// All accounts.
#[component]
pub(super) fn Codes(phone: Phone) -> impl IntoView {
    let locale = locale();
    let moment = ticking(phone);
    spawn_local(wake::persist());
    let rows = move || {
        let accounts = phone.accounts.get().unwrap_or_default();
        let rows: Vec<_> = accounts
            .into_iter()
            .map(|kept| view! { <Account phone kept moment/> })
            .collect();
        rows
    };
    view! {
        <Heading
            arrived=false
            words=td_string!(locale, authenticator.codes.heading).to_owned()
            lead=Some(td_string!(locale, authenticator.codes.lead).to_owned())
        />
        <ul class="methods">{rows}</ul>
        <div class="actions">
            <button class=Rank::Second.class() r#type="button" on:click=move |_| phone.look()>
                {td_string!(locale, authenticator.codes.look)}
            </button>
        </div>
        <Waking phone/>
    }
}

/// The step that shows now, and the seconds that are left of it.
fn ticking(phone: Phone) -> Memo<([u8; 8], u32)> {
    let tick = RwSignal::new(0_u32);
    let timer = set_interval_with_handle(
        move || {
            let _ = tick.try_update(|tick| *tick = tick.wrapping_add(1));
        },
        Duration::from_millis(250),
    );
    if let Ok(timer) = timer {
        on_cleanup(move || timer.clear());
    }
    Memo::new(move |_| {
        tick.track();
        let now = phone.clock.now();
        (codes::step(now), codes::seconds_left(now))
    })
}

#[component]
fn Account(phone: Phone, kept: Kept, moment: Memo<([u8; 8], u32)>) -> impl IntoView {
    let locale = locale();
    let code = RwSignal::new(String::new());
    let step = Memo::new(move |_| moment.get().0);
    let device = kept.device;
    Effect::new(move || {
        step.track();
        spawn_local(async move {
            let made = match keep::keys(device).await {
                Ok(keys) => crypto::code(&keys.codes, phone.clock.now()).await,
                Err(error) => Err(error),
            };
            let _ = code.try_set(made.unwrap_or_default());
        });
    });
    let shown = move || {
        let code = code.get();
        match code.split_at_checked(3) {
            Some((first, second)) => format!("{first}\u{a0}{second}"),
            None => code,
        }
    };
    let left = move || moment.get().1;
    let (house, name) = (kept.house.clone(), kept.user_name.clone());
    view! {
        <li class="method">
            <div class="method-head">
                <span class="pic">{icon(Icon::Key)}</span>
                <div>
                    <h2><bdi>{house}</bdi></h2>
                    <p class="small soft"><bdi dir="auto">{name}</bdi></p>
                </div>
            </div>
            <p class="figure" role="img" aria-label=move || td_string!(locale, authenticator.codes.code, code = code.get())>
                <bdi dir="ltr" class="number">{shown}</bdi>
            </p>
            <p class="small soft">
                <progress max="30" value=move || left().to_string() aria-hidden="true"></progress> " "
                {td_string!(locale, authenticator.codes.left)} " " <bdi dir="ltr" class="number">{left}</bdi>
            </p>
            <Forgetting phone kept/>
        </li>
    }
}

/// Takes an account off this phone.
#[component]
fn Forgetting(phone: Phone, kept: Kept) -> impl IntoView {
    let locale = locale();
    let lead: String = td_string!(locale, authenticator.forget.lead, name = isolated(&kept.user_name));
    view! {
        <details class="more">
            <summary>{td_string!(locale, authenticator.forget.open)}</summary>
            <div class="stack">
                <p class="small">{lead}</p>
                <div class="actions">
                    <button class=Rank::Second.class() r#type="button" on:click=move |_| phone.forget(kept.clone())>
                        {td_string!(locale, authenticator.forget.send)}
                    </button>
                </div>
            </div>
        </details>
    }
}

/// Whether requests show by themselves.
#[component]
fn Waking(phone: Phone) -> impl IntoView {
    let locale = locale();
    move || match phone.alerts.get() {
        Alerts::On => view! { <p class="small soft">{td_string!(locale, authenticator.waking.on)}</p> }.into_any(),
        Alerts::Off => view! {
            <Notice tone=Tone::Plain words=td_string!(locale, authenticator.waking.off).to_owned()/>
            <div class="actions">
                <button class=Rank::First.class() r#type="button" on:click=move |_| phone.allow_alerts()>
                    {td_string!(locale, authenticator.waking.allow)}
                </button>
            </div>
        }
        .into_any(),
        Alerts::Denied => {
            view! { <p class="small soft">{td_string!(locale, authenticator.waking.denied)}</p> }.into_any()
        }
        Alerts::Unable => {
            view! { <p class="small soft">{td_string!(locale, authenticator.waking.unable)}</p> }.into_any()
        }
    }
}
