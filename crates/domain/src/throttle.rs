//! How often somebody may try to sign in: pure functions of what happened and the time.
//!
//! A try counts before its password is looked at, so tries at once cannot outrun the count, and a
//! try that is refused does not count, so refusals never make the wait longer. Nothing is refused
//! for good: every wait ends.

use std::time::Duration;

use crate::Timestamp;

/// What is kept of the tries at one thing: an account, or one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// How many since the last success or the last long rest.
    pub count: u32,
    /// When the last one was let through; of a source, since when the count is as it is.
    pub last_at: Timestamp,
    /// The next one is let through from this instant.
    pub next_at: Timestamp,
}

/// The try comes too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many tries")]
pub struct TooEarly {
    /// How long to wait.
    pub wait: Duration,
}

/// How tries at one thing are slowed down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Throttle {
    /// Of one account from all sources together that never signed in to it: five, then one a wait,
    /// which doubles from 30 seconds to 15 minutes.
    UnknownSources,
    /// Of one account from one source that signed in to it before: a short wait after each.
    KnownSource,
    /// Of all accounts from one source: twenty at once, then one a second.
    Source,
}

/// After so long without a try, tries are forgotten. Also the wait after a hundred in a row.
const LONG_REST: Duration = Duration::from_hours(12);

/// Tries in a row after which only the long rest or the mailed link helps.
const MAX_IN_A_ROW: u32 = 100;

const FREE_TRIES: u32 = 5;
const FIRST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_mins(15);

const BURST: u32 = 20;
const PACE: Duration = Duration::from_secs(1);

impl Throttle {
    /// Counts one try, or says how long it must wait. `None` where nothing is kept.
    pub fn next(self, tries: Option<Tries>, now: Timestamp) -> Result<Tries, TooEarly> {
        let fresh = Tries { count: 0, last_at: now, next_at: now };
        let tries = tries.filter(|tries| !self.is_forgotten(*tries, now)).unwrap_or(fresh);
        if now < tries.next_at {
            return Err(TooEarly { wait: tries.next_at.since(now) });
        }
        let (count, last_at) = match self {
            Self::UnknownSources | Self::KnownSource => (tries.count, now),
            Self::Source => drained(tries, now),
        };
        let count = count.saturating_add(1);
        Ok(Tries { count, last_at, next_at: last_at.plus(self.wait_after(count)) })
    }

    /// Whether what is kept says nothing any more, so that it may be deleted.
    pub fn is_forgotten(self, tries: Tries, now: Timestamp) -> bool {
        now >= self.forgotten_at(tries)
    }

    /// From when on what is kept says nothing any more.
    pub fn forgotten_at(self, tries: Tries) -> Timestamp {
        let rest = match self {
            Self::UnknownSources | Self::KnownSource => LONG_REST,
            Self::Source => PACE * BURST,
        };
        tries.last_at.plus(rest)
    }

    fn wait_after(self, count: u32) -> Duration {
        match self {
            Self::UnknownSources | Self::KnownSource if count >= MAX_IN_A_ROW => LONG_REST,
            Self::UnknownSources if count < FREE_TRIES => Duration::ZERO,
            Self::UnknownSources => {
                let doublings = (count - FREE_TRIES).min(5);
                (FIRST_WAIT * 2_u32.pow(doublings)).min(LONGEST_WAIT)
            }
            Self::KnownSource => Duration::from_secs(match count {
                0..3 => 1,
                3..9 => 3,
                9..25 => 5,
                _ => 10,
            }),
            Self::Source if count < BURST => Duration::ZERO,
            Self::Source => PACE,
        }
    }
}

/// How full the bucket of a source is, one try less for every whole second, and since when.
fn drained(tries: Tries, now: Timestamp) -> (u32, Timestamp) {
    let seconds = u32::try_from(now.since(tries.last_at).as_secs()).unwrap_or(u32::MAX);
    match tries.count.checked_sub(seconds) {
        Some(count) if count > 0 => (count, tries.last_at.plus(PACE * seconds)),
        _ => (0, now),
    }
}

#[cfg(test)]
mod tests;
