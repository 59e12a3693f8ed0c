use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use varco_application::Clock;
use varco_domain::Timestamp;

/// 2026-01-01 00:00 UTC.
const START: i64 = 1_767_225_600_000_000;

/// In microseconds.
const TICK: i64 = 1000;

/// A clock that goes when it is told to, and by a millisecond whenever somebody looks, so that what
/// is made later also sorts later.
#[derive(Debug)]
pub struct FrozenClock(AtomicI64);

impl Default for FrozenClock {
    fn default() -> Self {
        Self(AtomicI64::new(START))
    }
}

impl FrozenClock {
    /// Sets it, also back.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_micros(), Ordering::SeqCst);
    }

    /// Sets it forward.
    pub fn advance(&self, length: Duration) {
        let micros = i64::try_from(length.as_micros()).expect("a test does not wait for ages");
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.fetch_add(TICK, Ordering::SeqCst))
    }
}
