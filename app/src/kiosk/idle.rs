//! A page that nobody touches clears itself. It warns before, and any key or touch makes it wait anew (R58, WCAG 2.2.1).

use crate::i18n::{locale, span, td_string};
use crate::roots::go;
use crate::ui::{ANEW, Button, Form, Notice, Rank, Tone, seconds_until};
use leptos::leptos_dom::helpers::{set_interval_with_handle, window_event_listener_untyped};
use leptos::prelude::*;
use leptos::task::spawn_local;
use regain_domain::limits::{KIOSK_IDLE, KIOSK_WARNING};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// What counts as somebody being there.
const SIGNS: [&str; 3] = ["keydown", "pointerdown", "input"];
/// The server is told no more often than that, in milliseconds. Until then the page keeps the time that it has.
const PAUSE: f64 = 10_000.0;

/// Tells the server that somebody is there; gives the seconds from now on, or nothing where the flow is over.
pub(crate) type Touch = fn() -> Pin<Box<dyn Future<Output = Option<u32>>>>;

/// The warning, while there is one. `is_open`: a flow waits, and has to be told. `clear` makes the page as if nobody had been
/// there. `action` is where `touch` posts to, for those without scripts.
#[component]
pub(crate) fn Idle(
    idle_in: u32,
    is_open: bool,
    clear: Callback<()>,
    touch: Touch,
    action: &'static str,
) -> impl IntoView {
    let locale = locale();
    let left = watched(idle_in, is_open, clear, touch);
    let is_near = Memo::new(move |_| u64::from(left.get()) <= KIOSK_WARNING.as_secs());
    let counted = Signal::derive(move || {
        let ending: String = td_string!(locale, kiosk.idle, wait = span(left.get()));
        format!("{ending}. {}", td_string!(locale, kiosk.idle_hint))
    });
    let still = is_open.then(|| {
        let nothing = Box::new(|_: &_| ());
        view! {
            <div class="idle still">
                <Notice tone=Tone::Warn words=td_string!(locale, kiosk.still).to_owned()/>
                <Form action waiting=Signal::stored(false) send=nothing>
                    <Button rank=Rank::Second words=td_string!(locale, kiosk.more_time)/>
                </Form>
            </div>
        }
    });
    view! {
        <div class="idle" hidden=move || !is_near.get()>
            // Said once, not each second.
            <span class="hide-visually" role="status">{move || is_near.get().then_some(td_string!(locale, kiosk.idle_hint))}</span>
            <Notice tone=Tone::Warn words=counted/>
            <button class=Rank::Second.class() r#type="button">{td_string!(locale, kiosk.stay)}</button>
        </div>
        {still}
        // In here, since the browser's program may not find it in the page.
        <noscript inner_html=refresh(idle_in)></noscript>
    }
}

/// Without scripts the page loads itself when its time is over.
fn refresh(idle_in: u32) -> String {
    format!(r#"<meta http-equiv="refresh" content="{idle_in};url={ANEW}">"#)
}

/// The seconds that are left, counted by the clock, so that a page that slept is right again at once.
fn watched(idle_in: u32, is_open: bool, clear: Callback<()>, touch: Touch) -> RwSignal<u32> {
    let left = RwSignal::new(idle_in);
    Effect::new(move || {
        let now = js_sys::Date::now();
        let (end, told) = (StoredValue::new(now + ms(idle_in)), StoredValue::new(now));
        let wait = move |seconds: u32| {
            let _ = end.try_set_value(js_sys::Date::now() + ms(seconds));
            let _ = left.try_set(seconds);
        };
        let tick = move || tell_time(left, end, clear);
        let timer = set_interval_with_handle(tick, Duration::from_millis(250)).ok();
        let heard = move |_: web_sys::Event| match is_open {
            false => wait(u32::try_from(KIOSK_IDLE.as_secs()).unwrap_or(u32::MAX)),
            true if js_sys::Date::now() - told.get_value() < PAUSE => {}
            true => {
                told.set_value(js_sys::Date::now());
                spawn_local(async move {
                    match touch().await {
                        Some(seconds) => wait(seconds),
                        None => go(ANEW),
                    }
                });
            }
        };
        let listeners = SIGNS.map(|sign| window_event_listener_untyped(sign, heard));
        on_cleanup(move || {
            if let Some(timer) = timer {
                timer.clear();
            }
            for listener in listeners {
                listener.remove();
            }
        });
    });
    left
}

/// Shows how long it is, and clears the page once it is over.
fn tell_time(left: RwSignal<u32>, end: StoredValue<f64>, clear: Callback<()>) {
    let (Some(end), Some(shown)) = (end.try_get_value(), left.try_get_untracked()) else {
        return;
    };
    let rest = seconds_until(end);
    if rest == shown {
        return;
    }
    let _ = left.try_set(rest);
    if rest == 0 {
        clear.run(());
    }
}

fn ms(seconds: u32) -> f64 {
    f64::from(seconds) * 1000.0
}
