//! Seconds that run down where there are scripts, and stand still where there are none.

use leptos::prelude::*;
use std::time::Duration;

/// Counts down from a number of seconds, by the clock, so that a page that slept is right again at once.
pub(crate) fn count_down(seconds: u32) -> ReadSignal<u32> {
    let (left, set_left) = signal(seconds);
    Effect::new(move || {
        let end = js_sys::Date::now() + f64::from(seconds) * 1000.0;
        let tick = move || {
            let rest = seconds_until(end);
            if left.try_get_untracked().is_some_and(|shown| shown != rest) {
                let _ = set_left.try_set(rest);
            }
        };
        if let Ok(timer) = set_interval_with_handle(tick, Duration::from_millis(250)) {
            on_cleanup(move || timer.clear());
        }
    });
    left
}

/// Whole seconds until a moment of the browser's clock, begun ones included.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates, and fits by far"
)]
pub(crate) fn seconds_until(end: f64) -> u32 {
    ((end - js_sys::Date::now()) / 1000.0).ceil().max(0.0) as u32
}
