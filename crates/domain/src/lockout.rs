//! Smart lockout (`domain.md` §10): wrong passwords pause signing in, apart for browsers that the account is known in and for
//! all others, so that whoever guesses elsewhere keeps nobody out who is where they always are.

use crate::Timestamp;
use crate::limits::{Hits, SIGN_IN_FORGET, SIGN_IN_PAUSE, SIGN_IN_PAUSE_MOST, SIGN_IN_TRIES};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use std::time::Duration;

/// Wrong passwords before a pause, as a tenant may set them (`domain.md` §10).
pub const TRIES: RangeInclusive<u32> = 1..=50;
/// The first pause that a tenant may set, in seconds: up to five hours.
pub const FIRST_SECONDS: RangeInclusive<u32> = 5..=18_000;
/// The longest pause that a tenant may set, in seconds: from a quarter of an hour to five hours, and never for good.
pub const MOST_SECONDS: RangeInclusive<u32> = 900..=18_000;
/// So many of the last wrong passwords cost no further try when they are typed again.
const REMEMBERED: usize = 3;

/// What a tenant has set of it, within the ranges of `domain.md` §10: whatever is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lockout {
    /// Wrong passwords before signing in pauses: 1 to 50.
    pub tries: u32,
    /// The first pause, in seconds: 5 to 18 000. It doubles with each further wrong password.
    pub first_seconds: u32,
    /// The longest pause, in seconds: 900 to 18 000.
    pub most_seconds: u32,
}

impl Default for Lockout {
    fn default() -> Self {
        Self {
            tries: u32::try_from(SIGN_IN_TRIES).unwrap_or(u32::MAX),
            first_seconds: seconds(SIGN_IN_PAUSE),
            most_seconds: seconds(SIGN_IN_PAUSE_MOST),
        }
    }
}

/// Which of an account's two counters a wrong password goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The account was signed in to in this browser not long ago.
    Familiar,
    /// Any other, and every one for names that are nobody's.
    Unfamiliar,
}

impl Side {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Familiar, Self::Unfamiliar];

    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Familiar => "familiar",
            Self::Unfamiliar => "unfamiliar",
        }
    }
}

impl Lockout {
    /// When the pause that these failures caused will be over; nothing if none runs.
    pub fn paused_until(&self, failures: &Hits, now: Timestamp) -> Option<Timestamp> {
        let last = *failures.last()?;
        let recent = failures.iter().filter(|hit| **hit > last.minus(SIGN_IN_FORGET)).count();
        let until = last.plus(self.pause(recent)?);
        (until > now).then_some(until)
    }

    /// Whether it lets more be guessed than where nothing is set.
    pub fn is_lax(&self) -> bool {
        let usual = Self::default();
        self.tries > usual.tries || self.first_seconds < usual.first_seconds
    }

    /// The pause after so many wrong passwords in a row: none below the threshold, then doubling to the most.
    fn pause(&self, n_failed: usize) -> Option<Duration> {
        let tries = self.tries.clamp(*TRIES.start(), *TRIES.end());
        let beyond = u32::try_from(n_failed).unwrap_or(u32::MAX).checked_sub(tries)?;
        let first = self.first_seconds.clamp(*FIRST_SECONDS.start(), *FIRST_SECONDS.end());
        let most = self.most_seconds.clamp(*MOST_SECONDS.start(), *MOST_SECONDS.end());
        let doubled = first.saturating_mul(2_u32.saturating_pow(beyond.min(16)));
        Some(Duration::from_secs(u64::from(doubled.min(most))))
    }
}

/// Whether a wrong password that counted at this time is one of the last ones, and so costs nothing when it is typed again: a
/// program that goes on with an old password locks nobody out.
pub fn is_remembered(failures: &Hits, counted_at: Timestamp) -> bool {
    failures.iter().rev().take(REMEMBERED).any(|hit| *hit == counted_at)
}

fn seconds(span: Duration) -> u32 {
    u32::try_from(span.as_secs()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_ms(1_000_000).plus(Duration::from_secs(seconds))
    }

    #[test]
    fn ten_failures_pause_and_each_further_one_doubles() {
        let lockout = Lockout::default();
        let mut failures: Hits = (0..9).map(at).collect();
        assert_eq!(lockout.paused_until(&failures, at(9)), None);
        failures.push(at(9));
        assert_eq!(lockout.paused_until(&failures, at(10)), Some(at(69)));
        assert_eq!(lockout.paused_until(&failures, at(69)), None);
        failures.push(at(70));
        assert_eq!(lockout.paused_until(&failures, at(71)), Some(at(190)));
        // A day without a failure, and all begins anew.
        let day = SIGN_IN_FORGET.as_secs();
        failures.push(at(70 + day));
        assert_eq!(lockout.paused_until(&failures, at(71 + day)), None);
    }

    #[test]
    fn pauses_double_to_their_most() {
        let pause = |lockout: Lockout, n| lockout.pause(n).map(|pause| pause.as_secs());
        let usual = Lockout::default();
        for (n, expect) in [
            (9, None),
            (10, Some(60)),
            (11, Some(120)),
            (14, Some(900)),
            (99, Some(900)),
        ] {
            assert_eq!(pause(usual, n), expect, "{n}");
        }
        let strict = Lockout {
            tries: 3,
            first_seconds: 600,
            most_seconds: 18_000,
        };
        for (n, expect) in [(2, None), (3, Some(600)), (4, Some(1_200)), (99, Some(18_000))] {
            assert_eq!(pause(strict, n), expect, "{n}");
        }
    }

    #[test]
    fn the_last_three_wrong_passwords_cost_nothing_when_they_are_typed_again() {
        let failures: Hits = (0..5).map(at).collect();
        for (counted_at, expect) in [(1, false), (2, true), (4, true), (5, false)] {
            assert_eq!(is_remembered(&failures, at(counted_at)), expect, "{counted_at}");
        }
        assert!(!is_remembered(&Hits::new(), at(1)), "they were forgotten");
    }

    #[test]
    fn a_tenant_is_lax_where_more_can_be_guessed_than_usual() {
        for (tries, first_seconds, expect) in [(10, 60, false), (1, 18_000, false), (11, 60, true), (10, 59, true)] {
            let set = Lockout {
                tries,
                first_seconds,
                ..Lockout::default()
            };
            assert_eq!(set.is_lax(), expect, "{tries} {first_seconds}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_stored_there_is_a_pause_and_never_for_good(
            tries: u32, first_seconds: u32, most_seconds: u32, n in 0_usize..80,
        ) {
            let set = Lockout { tries, first_seconds, most_seconds };
            let pause = set.pause(n);
            prop_assert_eq!(pause.is_some(), n >= tries.clamp(1, 50) as usize);
            prop_assert!(pause <= Some(Duration::from_hours(5)));
            prop_assert!(pause.is_none_or(|pause| pause >= Duration::from_secs(5)));
            prop_assert!(pause <= set.pause(n + 1));
        }
    }
}
