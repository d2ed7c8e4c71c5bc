//! A point in time as people read it: in UTC as the server writes it, and by the browser's own clock and language with scripts.

use crate::i18n::language;
use js_sys::{Date, Object, Reflect};
use leptos::prelude::*;
use regain_domain::Timestamp;
use wasm_bindgen::JsValue;

/// A `<time>`.
#[component]
pub(crate) fn Moment(at: Timestamp) -> impl IntoView {
    let (words, set_words) = signal(utc(at));
    Effect::new(move || set_words.set(local(at)));
    view! { <time datetime=iso(at)>{words}</time> }
}

/// The point in time within a sentence.
pub(crate) fn moment(at: Timestamp) -> String {
    if cfg!(target_family = "wasm") {
        local(at)
    } else {
        utc(at)
    }
}

/// `2026-11-21 14:32 UTC`.
fn utc(at: Timestamp) -> String {
    let (year, month, day, minutes) = civil(at);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02} UTC",
        minutes / 60,
        minutes % 60
    )
}

/// `2026-11-21T14:32Z`.
fn iso(at: Timestamp) -> String {
    let (year, month, day, minutes) = civil(at);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}Z", minutes / 60, minutes % 60)
}

/// As the browser's `Intl` says it, in the page's language, and in its reader's country where the browser speaks that language.
fn local(at: Timestamp) -> String {
    let options = Object::new();
    for (name, value) in [("dateStyle", "long"), ("timeStyle", "short")] {
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of any date fit")]
    let date = Date::new(&JsValue::from_f64(at.ms() as f64));
    date.to_locale_string(&tag(), &options).into()
}

/// The page's language; the browser's own tag of it, such as `en-GB`, where it has one.
fn tag() -> String {
    let page = language().tag();
    let own = web_sys::window().and_then(|window| window.navigator().language());
    let is_same = |own: &String| own.split('-').next() == Some(page);
    own.filter(is_same).unwrap_or_else(|| page.to_owned())
}

/// Year, month, day and minute of the day, by the proleptic Gregorian calendar (Hinnant's `civil_from_days`).
fn civil(at: Timestamp) -> (i64, i64, i64, i64) {
    let (days, seconds) = (at.seconds().div_euclid(86_400), at.seconds().rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day, seconds / 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        for (ms, expect) in [
            (0, "1970-01-01 00:00 UTC"),
            (951_827_696_000, "2000-02-29 12:34 UTC"),
            (1_795_271_520_000, "2026-11-21 14:32 UTC"),
            (-1, "1969-12-31 23:59 UTC"),
        ] {
            assert_eq!(utc(Timestamp::from_ms(ms)), expect);
        }
    }
}
