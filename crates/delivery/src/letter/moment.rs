//! Points in time as people read them, with their zone.

use super::words::{Holes, Words};
use chrono::{DateTime, Datelike, Timelike};
use regain_domain::Timestamp;

/// Day, month in words, year, time and zone: `21 November 2026, 14:32 UTC`.
pub(super) fn moment(at: Timestamp, words: &Words) -> String {
    let Some(at) = DateTime::from_timestamp_millis(at.ms()) else {
        return String::new();
    };
    let its = &words.moment;
    let day = match at.day() {
        1 => its.first_day.clone(),
        day => day.to_string(),
    };
    let month = usize::try_from(at.month0())
        .ok()
        .and_then(|month| its.months.get(month));
    let mut holes = Holes::new(false);
    holes.put("day", &day);
    holes.put("month", month.map_or("", String::as_str));
    holes.put("year", &at.year().to_string());
    holes.put("clock", &format!("{:02}:{:02}", at.hour(), at.minute()));
    holes.fill(&its.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use regain_domain::locale::Language;

    #[test]
    fn a_time_is_told_as_each_language_tells_it() {
        let check = |language, seconds: i64, expect: &str| {
            let at = Timestamp::from_ms(seconds * 1000);
            assert_eq!(moment(at, Words::of(language)), expect);
        };
        check(Language::En, 1_795_271_520, "21 November 2026, 14:32 UTC");
        check(Language::De, 1_795_271_520, "21. November 2026, 14:32 Uhr UTC");
        check(Language::Fr, 1_795_271_520, "21 novembre 2026 à 14:32 UTC");
        check(Language::Es, 1_795_271_520, "21 de noviembre de 2026, 14:32 UTC");
        check(Language::Ar, 1_795_271_520, "21 نوفمبر 2026، الساعة 14:32 بتوقيت UTC");
        check(Language::Fr, 1_796_083_440, "1er décembre 2026 à 00:04 UTC");
        check(Language::En, 0, "1 January 1970, 00:00 UTC");
    }
}
