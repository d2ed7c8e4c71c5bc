//! The clock, handed to everything that wants to know the time, so that tests and the demo can move it.

use regain_domain::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
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
}

/// The machine's clock, moved forward by an offset: the demo's.
#[derive(Debug, Default)]
pub struct MovedClock {
    offset_ms: AtomicI64,
}

impl MovedClock {
    /// A clock that is ahead by so many milliseconds.
    pub fn ahead_by(offset_ms: i64) -> Self {
        Self {
            offset_ms: AtomicI64::new(offset_ms),
        }
    }

    /// Moves it forward; gives the whole offset in milliseconds.
    pub fn advance(&self, by_ms: i64) -> i64 {
        self.offset_ms.fetch_add(by_ms, Ordering::SeqCst) + by_ms
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(SystemClock.now().ms() + self.offset_ms.load(Ordering::SeqCst))
    }
}
