//! How often somebody may try something: pure functions of what happened and the time.
//!
//! A try counts before its password is looked at, so tries at once cannot outrun the count, and a
//! try that is refused does not count, so refusals never make the wait longer. Nothing is refused
//! for good: every wait ends.

use std::time::Duration;

use crate::Timestamp;

/// What is kept of the tries at one thing: an account, a name, or one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// How many since the last success or the last long rest.
    pub in_a_row: u32,
    /// Each one moves this on by one pace: it is how far ahead of an even pace they are.
    pub whole_at: Timestamp,
    /// The next one is let through from this instant.
    pub next_at: Timestamp,
    /// From this instant all of this says nothing any more, so that it may be deleted.
    pub forgotten_at: Timestamp,
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
    /// Of one account from all sources together that never signed in to it: five in any quarter of an
    /// hour.
    UnknownSources,
    /// Of one account from one source that signed in to it before: a short wait after each.
    KnownSource,
    /// Of one name from one source that nobody has signed in from: as one account from such sources.
    NameFromNewSource,
    /// Of one name from one source that somebody has signed in from: as an account from one it knows.
    NameFromUsedSource,
    /// Of all accounts from one source: twenty at once, then one a second.
    Source,
    /// Of all sources that one organization's programs speak for: five hundred at once, then fifty a
    /// second.
    Gateway,
    /// Mails with a link to one account: three at once, then one an hour.
    LinksToAccount,
    /// Mails with a link that one source asks for: five at once, then three an hour.
    LinksFromSource,
}

/// After so long without a try, those in a row are forgotten. Also the wait after a hundred of them.
const LONG_REST: Duration = Duration::from_hours(12);

/// Tries in a row after which only the long rest or the mailed link helps.
const MAX_IN_A_ROW: u32 = 100;

/// So many at once after a rest, then one at every pace.
struct Rate {
    burst: u32,
    pace: Duration,
}

impl Throttle {
    const fn rate(self) -> Rate {
        let (burst, pace) = match self {
            Self::UnknownSources | Self::NameFromNewSource => (5, Duration::from_mins(15)),
            Self::KnownSource | Self::NameFromUsedSource => (100, Duration::from_secs(432)),
            Self::Source => (20, Duration::from_secs(1)),
            Self::Gateway => (500, Duration::from_millis(20)),
            Self::LinksToAccount => (3, Duration::from_hours(1)),
            Self::LinksFromSource => (5, Duration::from_mins(20)),
        };
        Rate { burst, pace }
    }

    /// Counts one try, or says how long it must wait. `None` where nothing is kept.
    pub fn next(self, tries: Option<Tries>, now: Timestamp) -> Result<Tries, TooEarly> {
        let kept = tries.filter(|tries| now < tries.forgotten_at);
        if let Some(tries) = kept.filter(|tries| now < tries.next_at) {
            return Err(TooEarly { wait: tries.next_at.since(now) });
        }
        let in_a_row = kept.map_or(0, |tries| tries.in_a_row).saturating_add(1);
        let whole_at = kept.map_or(now, |tries| tries.whole_at.max(now)).plus(self.rate().pace);
        let (room_at, pause) = (self.has_room_at(whole_at), self.pause(in_a_row, whole_at.since(now)));
        // Without a pause not even now: tries at once come with times that are out of order.
        let next_at = if pause.is_zero() { room_at } else { room_at.max(now.plus(pause)) };
        let forgotten_at = if self.counts_rows() { now.plus(LONG_REST) } else { whole_at.max(next_at) };
        Ok(Tries { in_a_row, whole_at, next_at, forgotten_at })
    }

    /// Takes one try back, which turned out to be none: what it presented was right.
    #[must_use]
    pub fn give_back(self, tries: Tries) -> Tries {
        let whole_at = tries.whole_at.minus(self.rate().pace);
        let in_a_row = tries.in_a_row.saturating_sub(1);
        Tries { in_a_row, whole_at, next_at: self.has_room_at(whole_at), ..tries }
    }

    /// From when on one more is no more than the burst.
    fn has_room_at(self, whole_at: Timestamp) -> Timestamp {
        let Rate { burst, pace } = self.rate();
        whole_at.minus(pace * (burst - 1))
    }

    /// The wait after a try, by how many there were, however much room there is.
    fn pause(self, in_a_row: u32, ahead: Duration) -> Duration {
        if self.counts_rows() && in_a_row >= MAX_IN_A_ROW {
            return LONG_REST;
        }
        match self {
            Self::KnownSource | Self::NameFromUsedSource => {
                let recent = ahead.as_secs().div_ceil(self.rate().pace.as_secs());
                Duration::from_secs(match recent {
                    0..3 => 1,
                    3..9 => 3,
                    9..25 => 5,
                    _ => 10,
                })
            }
            _ => Duration::ZERO,
        }
    }

    /// Whether it is about an account, of which a success begins the row anew.
    const fn counts_rows(self) -> bool {
        matches!(self, Self::UnknownSources | Self::KnownSource)
    }
}

#[cfg(test)]
mod tests;
