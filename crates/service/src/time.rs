//! The guard over the clock: one reading of time for what expires, one for what is counted (R39).
//!
//! Each is carried on by the monotonic clock and compared with the reference every few seconds. As long as they agree,
//! both are the reference's. If the reference jumps, each takes the side that is safe for it: what expires takes the later
//! time, what is counted the earlier. What came apart so comes together again by a thousandth of the time that passes.

use crate::clock::Clock;
use regain_domain::Timestamp;
use regain_domain::limits::CLOCK_TOLERANCE;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A reading follows the reference by one part in so many of the time that passes: more than clocks drift, and too
/// little for anybody to gain by it.
const FOLLOWS: i64 = 1000;

/// What all sequences take their time from.
pub(crate) struct Time {
    pub(crate) clock: Arc<dyn Clock>,
    /// How far the demo's time is moved.
    moved_ms: AtomicI64,
    readings: Mutex<Readings>,
    /// Whether it was told that the readings disagree.
    is_told: AtomicBool,
}

impl Time {
    /// Begins at the reference's time, moved by so much.
    pub(crate) fn new(clock: Arc<dyn Clock>, reference: Timestamp, moved_ms: i64) -> Self {
        let readings = Readings::new(reference, clock.steady());
        Self {
            clock,
            moved_ms: AtomicI64::new(moved_ms),
            readings: Mutex::new(readings),
            is_told: AtomicBool::new(false),
        }
    }

    /// For what expires, and for what people see. Never goes back.
    pub(crate) fn now(&self) -> Timestamp {
        let now = self.readings().now(self.clock.steady());
        self.moved(now)
    }

    /// For what is counted: blocks, windows, pauses. Never runs ahead.
    pub(crate) fn window_now(&self) -> Timestamp {
        let now = self.readings().window_now(self.clock.steady());
        self.moved(now)
    }

    /// Compares with the reference.
    pub(crate) fn look(&self, reference: Timestamp) {
        self.readings().look(reference, self.clock.steady());
    }

    /// How far the two readings lie apart.
    pub(crate) fn disagreement(&self) -> Duration {
        self.readings().disagreement()
    }

    /// Moves both readings forward; gives the whole move in milliseconds.
    pub(crate) fn advance(&self, by_ms: i64) -> i64 {
        self.moved_ms.fetch_add(by_ms, Ordering::SeqCst) + by_ms
    }

    /// Whether it was told that the readings disagree.
    pub(crate) fn is_told(&self) -> bool {
        self.is_told.load(Ordering::SeqCst)
    }

    /// Notes what was told.
    pub(crate) fn set_told(&self, is_off: bool) {
        self.is_told.store(is_off, Ordering::SeqCst);
    }

    fn readings(&self) -> MutexGuard<'_, Readings> {
        self.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn moved(&self, at: Timestamp) -> Timestamp {
        Timestamp::from_ms(at.ms().saturating_add(self.moved_ms.load(Ordering::SeqCst)))
    }
}

/// Both readings, as of the last comparison.
struct Readings {
    /// When that was, by the monotonic clock.
    looked_at: Duration,
    later: Line,
    earlier: Line,
    /// The latest time that was told.
    told: Timestamp,
}

impl Readings {
    fn new(reference: Timestamp, steady: Duration) -> Self {
        let line = |jumps_to_later| Line {
            jumps_to_later,
            steady: reference.ms(),
            now: reference.ms(),
        };
        Self {
            looked_at: steady,
            later: line(true),
            earlier: line(false),
            told: reference,
        }
    }

    fn now(&mut self, steady: Duration) -> Timestamp {
        let now = Timestamp::from_ms(self.later.now).plus(steady.saturating_sub(self.looked_at));
        // Where the reference goes back a little, time stands still until it is there again.
        self.told = self.told.max(now);
        self.told
    }

    fn window_now(&self, steady: Duration) -> Timestamp {
        Timestamp::from_ms(self.earlier.now).plus(steady.saturating_sub(self.looked_at))
    }

    fn look(&mut self, reference: Timestamp, steady: Duration) {
        self.now(steady);
        let elapsed = steady.saturating_sub(self.looked_at);
        let elapsed_ms = i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX);
        self.later.look(reference.ms(), elapsed_ms);
        self.earlier.look(reference.ms(), elapsed_ms);
        self.looked_at = steady;
    }

    fn disagreement(&self) -> Duration {
        Timestamp::from_ms(self.later.now).since(Timestamp::from_ms(self.earlier.now))
    }
}

/// One reading, in milliseconds.
struct Line {
    /// Which way it may jump: a jump the other way would make something valid again, or open a window early.
    jumps_to_later: bool,
    /// What the monotonic clock makes of it.
    steady: i64,
    /// What it says.
    now: i64,
}

impl Line {
    fn look(&mut self, reference: i64, elapsed: i64) {
        let carried = self.steady.saturating_add(elapsed);
        let off = reference.saturating_sub(carried);
        let most = elapsed / FOLLOWS;
        let followed = carried.saturating_add(off.clamp(-most, most));
        let agrees = u128::from(off.unsigned_abs()) <= CLOCK_TOLERANCE.as_millis();
        let may_jump = (off > 0) == self.jumps_to_later;
        (self.steady, self.now) = match (agrees, may_jump) {
            (true, _) => (followed, reference),
            (false, true) => (reference, reference),
            (false, false) => (followed, followed),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;

    /// Two clocks that are moved by hand.
    struct Bench {
        readings: Readings,
        reference: i64,
        steady: i64,
    }

    impl Bench {
        fn new() -> Self {
            let (reference, steady) = (1_000 * HOUR, 7 * HOUR);
            Self {
                readings: Readings::new(Timestamp::from_ms(reference), span(steady)),
                reference,
                steady,
            }
        }

        /// Lets time pass, with the reference looked at every ten seconds.
        fn pass(&mut self, ms: i64) {
            let end = self.steady + ms;
            while self.steady < end {
                let step = (end - self.steady).min(10_000);
                self.steady += step;
                self.reference += step;
                self.look();
            }
        }

        fn jump(&mut self, ms: i64) {
            self.reference += ms;
            self.look();
        }

        fn look(&mut self) {
            self.readings
                .look(Timestamp::from_ms(self.reference), span(self.steady));
        }

        fn now(&mut self) -> i64 {
            self.readings.now(span(self.steady)).ms()
        }

        fn window_now(&self) -> i64 {
            self.readings.window_now(span(self.steady)).ms()
        }
    }

    fn span(ms: i64) -> Duration {
        Duration::from_millis(u64::try_from(ms).expect("a span"))
    }

    #[test]
    fn r39_while_they_agree_the_time_is_the_references() {
        let mut bench = Bench::new();
        for slip in [0, 59_000, -500, 30_000] {
            bench.pass(HOUR);
            bench.jump(slip);
            bench.pass(MINUTE);
            assert_eq!((bench.now(), bench.window_now()), (bench.reference, bench.reference));
            assert_eq!(bench.readings.disagreement(), Duration::ZERO);
            bench.jump(-slip);
            bench.pass(17 * HOUR);
        }
    }

    #[test]
    fn r39_between_looks_the_monotonic_clock_carries_both_on() {
        let mut bench = Bench::new();
        let began = bench.reference;
        bench.steady += 9_000;
        assert_eq!((bench.now(), bench.window_now()), (began + 9_000, began + 9_000));
    }

    #[test]
    fn f23_forward_by_two_hours_expiries_jump_and_windows_do_not() {
        let mut bench = Bench::new();
        let began = bench.reference;
        bench.jump(2 * HOUR);
        assert_eq!((bench.now(), bench.window_now()), (began + 2 * HOUR, began));
        assert_eq!(bench.readings.disagreement(), span(2 * HOUR));
        bench.pass(HOUR);
        assert_eq!(bench.now(), began + 3 * HOUR);
        assert!((began + HOUR..=began + HOUR + 3_600).contains(&bench.window_now()));
        // Set right again: what has expired stays so, and windows are where they were.
        bench.jump(-2 * HOUR);
        assert_eq!(bench.now(), began + 3 * HOUR);
        assert_eq!(bench.window_now(), began + HOUR);
        assert!(bench.readings.disagreement() > CLOCK_TOLERANCE);
    }

    #[test]
    fn f24_back_by_two_hours_nothing_revives_and_no_window_opens_early() {
        let mut bench = Bench::new();
        let began = bench.reference;
        bench.jump(-2 * HOUR);
        assert_eq!((bench.now(), bench.window_now()), (began, began - 2 * HOUR));
        bench.pass(HOUR);
        assert!((began + HOUR - 3_600..=began + HOUR).contains(&bench.now()));
        assert_eq!(bench.window_now(), began - HOUR);
        bench.jump(2 * HOUR);
        assert!(
            bench.window_now() <= began - HOUR,
            "what was counted meanwhile is not two hours older now"
        );
    }

    #[test]
    fn r39_a_disagreement_that_is_small_heals_by_itself() {
        let mut bench = Bench::new();
        bench.jump(2 * MINUTE);
        assert_eq!(bench.readings.disagreement(), span(2 * MINUTE));
        bench.pass(10 * HOUR);
        assert!(bench.readings.disagreement() > CLOCK_TOLERANCE);
        bench.pass(8 * HOUR);
        assert_eq!(bench.readings.disagreement(), Duration::ZERO);
    }

    #[test]
    fn r39_a_clock_that_creeps_is_found_out() {
        for creep in [5_000, -5_000] {
            let mut bench = Bench::new();
            for _ in 0..15 {
                bench.pass(10_000);
                bench.jump(creep);
            }
            assert!(bench.readings.disagreement() > CLOCK_TOLERANCE, "{creep}");
        }
    }

    proptest! {
        /// Whatever the reference does: expiry time never decreases nor lags, window time never runs ahead.
        #[test]
        fn r39_the_later_reading_never_goes_back_and_the_earlier_never_runs_ahead(
            steps in prop::collection::vec((0_i64..20 * MINUTE, prop_oneof![
                Just(0_i64), -2 * MINUTE..2 * MINUTE, -30 * HOUR..30 * HOUR
            ], any::<bool>()), 1..60)
        ) {
            let mut bench = Bench::new();
            let (reference, steady) = (bench.reference, bench.steady);
            let mut told = bench.now();
            for (passed, jump, is_looked) in steps {
                bench.steady += passed;
                bench.reference = (bench.reference + passed + jump).max(0);
                if is_looked {
                    bench.look();
                    prop_assert!(bench.window_now() <= bench.reference);
                    prop_assert!(bench.now() >= bench.reference);
                }
                let now = bench.now();
                prop_assert!(now >= told, "expiry time went back");
                told = now;
                let elapsed = bench.steady - steady;
                let slack = MINUTE + elapsed / FOLLOWS + 1;
                prop_assert!(now - reference >= elapsed - slack, "something lives too long");
                prop_assert!(bench.window_now() - reference <= elapsed + slack, "a window opens early");
            }
        }
    }
}
