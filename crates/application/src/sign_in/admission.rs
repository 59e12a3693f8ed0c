use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use varco_domain::{OrganizationId, Throttle, Timestamp, Tries};

use super::SignInError;
use super::origin::Source;

/// When a sign-in that found no room may come again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// So many are counted before it is looked for the first time which of them say nothing any more.
const FIRST_SWEEP: usize = 1024;

/// Bounds how many steps of sign-ins are under way at once, in all and from one source, so that a
/// storm of them is refused before it costs the database or the hashing threads anything.
///
/// What it counts is this replica's alone and forgotten with it: it protects the replica. Tries at
/// accounts are counted in storage, for all replicas.
#[derive(Clone, Debug)]
pub struct Admission {
    places: Arc<Semaphore>,
    /// How many of the places the programs of one organization may have at once: the others are for
    /// everybody else, however many calls it makes.
    share: usize,
    counts: Arc<Mutex<Counts>>,
}

/// A place among the sign-ins under way, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_organization: Option<OwnedSemaphorePermit>,
}

/// What somebody wants to do from a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Way {
    /// To begin a sign-in.
    Begin,
    /// To go on with one. Counted apart, so that who needs three steps may begin as often as others.
    Continue,
    /// To go to a provider of single sign-on, or to come back from it.
    Sso,
    /// To be mailed a link to choose a password.
    Recover,
}

/// Of what calls are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Source(Way, Source),
    /// All sources that the programs of one organization speak for: one of its programs is as easy to
    /// have as two.
    /// Those that somebody has signed in from count apart: strangers have none of them, and so cannot
    /// use up what its users have.
    Gateway {
        organization: OrganizationId,
        is_used: bool,
    },
}

impl Key {
    const fn throttle(self) -> Throttle {
        match self {
            Self::Source(..) => Throttle::Source,
            Self::Gateway { .. } => Throttle::Gateway,
        }
    }
}

impl Admission {
    /// Lets so many in at once.
    pub fn new(at_once: usize) -> Self {
        let counts = Counts { tries: HashMap::new(), sweep_at: FIRST_SWEEP, shares: HashMap::new() };
        let places = Arc::new(Semaphore::new(at_once));
        Self { places, share: at_once.div_ceil(2), counts: Arc::new(Mutex::new(counts)) }
    }

    /// Lets one in until what it gets is dropped, or refuses it at once.
    ///
    /// Invariant: of a source that is over its limit nothing takes a place, and what finds no place is
    /// not counted; and one organization's programs leave half of the places to others.
    pub(super) fn enter(&self, way: Way, source: Source, now: Timestamp) -> Result<Place, SignInError> {
        let key = Key::Source(way, source);
        let mut counts = self.counts();
        let tries = counts.next(key, now)?;
        let of_organization = match source.organization() {
            Some(organization) => Some(take(&counts.share(organization, self.share))?),
            None => None,
        };
        let place = Place { _of_all: take(&self.places)?, _of_organization: of_organization };
        counts.keep(key, tries, now);
        Ok(place)
    }

    /// Counts a call that takes no place.
    pub(super) fn call(&self, way: Way, source: Source, now: Timestamp) -> Result<(), SignInError> {
        self.count(Key::Source(way, source), now)
    }

    /// Counts a call of a program that speaks for others: it may not have a source of its own for each
    /// of them without end. `is_used` says whether anybody has signed in from this one.
    pub(super) fn speak_for(
        &self,
        organization: OrganizationId,
        is_used: bool,
        now: Timestamp,
    ) -> Result<(), SignInError> {
        self.count(Key::Gateway { organization, is_used }, now)
    }

    fn count(&self, key: Key, now: Timestamp) -> Result<(), SignInError> {
        let mut counts = self.counts();
        let tries = counts.next(key, now)?;
        counts.keep(key, tries, now);
        Ok(())
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // No code that could panic half-way changes them.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, SignInError> {
    Arc::clone(places).try_acquire_owned().map_err(|_| SignInError::Overloaded { wait: RETRY_AFTER })
}

#[derive(Debug)]
struct Counts {
    tries: HashMap<Key, Tries>,
    sweep_at: usize,
    /// The places of the organizations whose programs have some.
    shares: HashMap<OrganizationId, Arc<Semaphore>>,
}

impl Counts {
    /// The places of one organization. Nobody but it holds those that are all free, so they may go.
    fn share(&mut self, organization: OrganizationId, size: usize) -> Arc<Semaphore> {
        self.shares.retain(|_, share| share.available_permits() < size);
        Arc::clone(self.shares.entry(organization).or_insert_with(|| Arc::new(Semaphore::new(size))))
    }

    /// What one more would make of them, or how long it must wait.
    fn next(&self, key: Key, now: Timestamp) -> Result<Tries, SignInError> {
        let next = key.throttle().next(self.tries.get(&key).copied(), now);
        next.map_err(|early| SignInError::TooManyAttempts { wait: early.wait })
    }

    fn keep(&mut self, key: Key, tries: Tries, now: Timestamp) {
        self.tries.insert(key, tries);
        if self.tries.len() >= self.sweep_at {
            self.tries.retain(|_, tries| now < tries.forgotten_at);
            // Twice as many as are left, so that sweeping costs each call the same.
            self.sweep_at = FIRST_SWEEP.max(2 * self.tries.len());
        }
    }
}

#[cfg(test)]
mod tests;
