//! The machine's clocks, handed to everything that wants to know the time, so that tests can move them.

use regain_domain::Timestamp;
use rustix::time::{ClockId, clock_gettime};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Tells the time in two ways.
pub trait Clock: Send + Sync {
    /// The time of day; somebody may set it.
    fn now(&self) -> Timestamp;

    /// How long something has been going on, since whenever; nobody sets it, and it goes on while the machine sleeps.
    fn steady(&self) -> Duration;
}

/// The machine's clocks.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the machine's clock is read"
    )]
    fn now(&self) -> Timestamp {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_ms(i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
    }

    fn steady(&self) -> Duration {
        // `Instant` stands still while the machine sleeps.
        Duration::try_from(clock_gettime(ClockId::Boottime)).unwrap_or_default()
    }
}
