//! Smart lockout (`domain.md` §10): wrong passwords pause signing in, apart for browsers that the account is known in and for
//! all others, so that whoever guesses elsewhere keeps nobody out who is where they always are.

use crate::Timestamp;
use crate::limits::{Hits, SIGN_IN_FORGET, SIGN_IN_PAUSE, SIGN_IN_PAUSE_MOST, SIGN_IN_TRIES};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Longest pause that a tenant may set, in seconds: five hours.
const MOST_SECONDS: u32 = 18_000;
/// So many of the last wrong passwords cost no further try when they are typed again.
const REMEMBERED: usize = 3;

/// What a tenant has set of it. It may be stricter than the product, never laxer (`security.md` §2): whatever is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lockout {
    /// Wrong passwords before signing in pauses: 1 to 10.
    pub tries: u32,
    /// The first pause, in seconds: 60 to 18 000. It doubles with each further wrong password.
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

    /// The pause after so many wrong passwords in a row: none below the threshold, then doubling to the most.
    fn pause(&self, n_failed: usize) -> Option<Duration> {
        let tries = usize::try_from(self.tries)
            .unwrap_or(SIGN_IN_TRIES)
            .clamp(1, SIGN_IN_TRIES);
        let beyond = u32::try_from(n_failed.checked_sub(tries)?).unwrap_or(u32::MAX);
        let first = self.first_seconds.clamp(seconds(SIGN_IN_PAUSE), MOST_SECONDS);
        let most = self.most_seconds.clamp(seconds(SIGN_IN_PAUSE_MOST), MOST_SECONDS);
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

    proptest! {
        #[test]
        fn a_tenant_is_never_laxer_than_the_product(tries: u32, first_seconds: u32, most_seconds: u32, n in 0_usize..40) {
            let set = Lockout { tries, first_seconds, most_seconds };
            prop_assert!(set.pause(n) >= Lockout::default().pause(n));
            prop_assert!(set.pause(n) <= Some(Duration::from_hours(5)), "and never for good");
        }
    }
}
