//! Limits (`domain.md` §5, as `security.md` §2 numbers them), and how often help is asked for (§2).

use super::*;
use crate::Cost;
use crate::limits::{
    ASKS_PER_PERSON, HELP_REQUESTS, IDENTIFIES_EASY, IDENTIFIES_PER_NETWORK, PAID_SENDS_PER_RANGE,
    SENDS_PER_DESTINATION, Window, allows, attack_begins, attack_ends, blocked_until, may_spend,
};

/// Times of so many events, so many seconds apart, the last one as long ago.
fn events(n: u32, seconds_apart: u64) -> Hits {
    let ago = |nth: u32| NOW.minus(Duration::from_secs(seconds_apart * u64::from(nth)));
    (1..=n).rev().map(ago).collect()
}

/// Whether one more fits.
fn fits(n: u32, seconds_apart: u64, windows: &[Window]) -> String {
    allows(&events(n, seconds_apart), NOW, windows).is_ok().to_string()
}

/// Hours for which resets rest still, so many hours after so many failed proofs.
fn rest(n: u32, seconds_apart: u64, hours_later: u64) -> String {
    let now = NOW.plus(Duration::from_hours(hours_later));
    let until = blocked_until(&events(n, seconds_apart), now);
    until.map_or(String::new(), |until| (until.seconds_from(now) / 3600).to_string())
}

fn spends(spent: &str, price: &str) -> String {
    let [spent, price] = [spent, price].map(|text| Cost::parse(text).expect("an amount"));
    may_spend(spent, price, usual().message_ceiling).to_string()
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

pub(super) const COUNTED: &[Rule] = &[
    (
        "§2",
        "a second request for help within the hour",
        || fits(1, HOUR - 1, &HELP_REQUESTS),
        "false",
    ),
    ("§2", "and after it", || fits(1, HOUR, &HELP_REQUESTS), "true"),
    ("§5", "four failed proofs", || rest(4, 0, 0), ""),
    ("§5", "five in 24 hours: a block of 24 hours", || rest(5, 0, 0), "24"),
    ("§5", "counted from the last of them", || rest(5, 4 * HOUR, 0), "20"),
    ("§5", "five, more than 24 hours apart", || rest(5, 6 * HOUR, 0), ""),
    ("§5", "23 hours later", || rest(5, 0, 23), "1"),
    ("§5", "24 hours later it is over", || rest(5, 0, 24), ""),
    (
        "§4",
        "a new code after 29 seconds",
        || fits(1, 29, &SENDS_PER_DESTINATION),
        "false",
    ),
    ("§4", "after 30", || fits(1, 30, &SENDS_PER_DESTINATION), "true"),
    (
        "§5",
        "a fourth in ten minutes",
        || fits(3, 3 * MINUTE, &SENDS_PER_DESTINATION),
        "false",
    ),
    (
        "§5",
        "a fourth, once the first has slid out",
        || fits(3, 4 * MINUTE, &SENDS_PER_DESTINATION),
        "true",
    ),
    (
        "§5",
        "a sixth in an hour",
        || fits(5, 11 * MINUTE, &SENDS_PER_DESTINATION),
        "false",
    ),
    (
        "§5",
        "an eleventh in a day",
        || fits(10, 2 * HOUR, &SENDS_PER_DESTINATION),
        "false",
    ),
    (
        "§5",
        "a tenth in a day",
        || fits(9, 2 * HOUR, &SENDS_PER_DESTINATION),
        "true",
    ),
    (
        "§5",
        "a fourth call or push in ten minutes",
        || fits(3, MINUTE, &ASKS_PER_PERSON),
        "false",
    ),
    (
        "§5",
        "an eleventh in a day",
        || fits(10, HOUR, &ASKS_PER_PERSON),
        "false",
    ),
    ("§5", "a tenth", || fits(9, HOUR, &ASKS_PER_PERSON), "true"),
    (
        "§5",
        "an eleventh message to one range of numbers",
        || fits(10, MINUTE, &PAID_SENDS_PER_RANGE),
        "false",
    ),
    ("§5", "a tenth", || fits(9, MINUTE, &PAID_SENDS_PER_RANGE), "true"),
    (
        "§5",
        "a harder check after 20 names from a network",
        || fits(20, 1, &IDENTIFIES_EASY),
        "false",
    ),
    ("§5", "not after 19", || fits(19, 1, &IDENTIFIES_EASY), "true"),
    (
        "§5",
        "none after 200",
        || fits(200, 1, &IDENTIFIES_PER_NETWORK),
        "false",
    ),
    ("§5", "the 200th", || fits(199, 1, &IDENTIFIES_PER_NETWORK), "true"),
    (
        "§5",
        "50 failed proofs of a tenant in an hour are an attack",
        || attack_begins(&events(50, 1), NOW).to_string(),
        "true",
    ),
    (
        "§5",
        "49 are not",
        || attack_begins(&events(49, 1), NOW).to_string(),
        "false",
    ),
    (
        "§5",
        "it ends after an hour of calm",
        || (attack_ends(&events(9, 1), NOW).seconds_from(NOW) / 60).to_string(),
        "60",
    ),
    (
        "§5",
        "which begins when fewer than ten are left in the hour",
        || (attack_ends(&events(10, 60), NOW).seconds_from(NOW) / 60).to_string(),
        "110",
    ),
    ("§5", "messages for 20.00 a day", || spends("19.95", "0.05"), "true"),
    ("§5", "and no more", || spends("19.95", "0.06"), "false"),
];
