use std::time::{SystemTime, UNIX_EPOCH};

use varco_application::Clock;
use varco_domain::Timestamp;

/// The wall clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> Timestamp {
        let now = SystemTime::now();
        // A clock before 1970 is a machine without one: everything then counts as expired or not
        // yet begun in the same way on every call, which is as good as it gets.
        now.duration_since(UNIX_EPOCH).map_or(Timestamp::EPOCH, |since| Timestamp::EPOCH.plus(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_goes_forward_from_a_plausible_time() {
        let first = SystemClock.now();

        assert!(first > Timestamp::from_micros(1_700_000_000_000_000));
        assert!(SystemClock.now() >= first);
    }
}
