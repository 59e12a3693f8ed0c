//! What follows the log: the decision index, the recent events for watchers, the token cache.
//!
//! Commits of this process are offered by the writer itself, before it answers; what other
//! processes commit is read from the log by `follow`. Both go through `offer`, which applies
//! revisions in order, each once.

mod follow;
mod recent;
#[cfg(test)]
mod tests;

pub use follow::follow;
pub(crate) use follow::whole_commits_after;
pub use recent::Commit;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::{ArcSwap, Guard};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use varco_decision::{Fact, Index};
use varco_domain::{Event, Revision};

use crate::TokenCache;
use recent::Recent;

/// How many watchers may read at a time. Each has a buffer and hears of every commit.
pub const MAX_WATCHES: usize = 1_000;

/// The in-memory state that follows the log.
pub struct Feed {
    index: ArcSwap<Index>,
    head: watch::Sender<Revision>,
    pending: Mutex<Pending>,
    gap: Notify,
    freshness: Freshness,
    is_corrupt: AtomicBool,
    tokens: Arc<TokenCache>,
    watches: Arc<Semaphore>,
}

/// When the head of the log was last known to be reached. Measured by the monotonic clock: a
/// jump of the wall clock neither ages the index nor makes it young.
struct Freshness {
    started: Instant,
    confirmed_millis: AtomicU64,
    max_staleness: Duration,
}

impl Freshness {
    fn is_lost(&self) -> bool {
        let confirmed = Duration::from_millis(self.confirmed_millis.load(Ordering::Acquire));
        self.started.elapsed().saturating_sub(confirmed) > self.max_staleness
    }

    fn confirm(&self, asked_at: Instant) {
        let millis = asked_at.saturating_duration_since(self.started).as_millis();
        self.confirmed_millis.fetch_max(u64::try_from(millis).unwrap_or(u64::MAX), Ordering::AcqRel);
    }
}

/// Invariant: what is applied is the index's revision; everything in `ahead` is later than the next.
struct Pending {
    ahead: BTreeMap<Revision, Arc<[Event]>>,
    recent: Recent,
}

impl Feed {
    /// Starts from an index built from a snapshot of the log.
    ///
    /// `max_staleness` bounds how long decisions are given after contact with the log was lost.
    pub fn new(index: Index, tokens: Arc<TokenCache>, max_staleness: Duration) -> Self {
        let revision = index.revision();
        Self {
            index: ArcSwap::from_pointee(index),
            head: watch::Sender::new(revision),
            pending: Mutex::new(Pending { ahead: BTreeMap::new(), recent: Recent::after(revision) }),
            gap: Notify::new(),
            freshness: Freshness { started: Instant::now(), confirmed_millis: AtomicU64::new(0), max_staleness },
            is_corrupt: AtomicBool::new(false),
            tokens,
            watches: Arc::new(Semaphore::new(MAX_WATCHES)),
        }
    }

    /// The index as it is now. Taking it locks nothing.
    pub fn index(&self) -> Guard<Arc<Index>> {
        self.index.load()
    }

    /// The last revision that the index holds.
    pub fn revision(&self) -> Revision {
        *self.head.borrow()
    }

    /// Waits until the index holds a revision. Says whether it does: an index that can no longer follow
    /// the log never will.
    pub async fn reach(&self, revision: Revision) -> bool {
        let mut head = self.head.subscribe();
        let is_over = |reached: &Revision| *reached >= revision || self.is_corrupt.load(Ordering::Acquire);
        // The sender lives as long as `self`, so the wait cannot end otherwise.
        matches!(head.wait_for(is_over).await, Ok(reached) if *reached >= revision)
    }

    /// Resolves when the index moves past a revision, or never will.
    pub(crate) async fn past(&self, revision: Revision) {
        let _ = self.reach(revision.next()).await;
    }

    /// Whether the index may be behind the log without knowing: contact was lost for longer than is
    /// allowed, or an event could not be understood.
    pub fn is_stale(&self) -> bool {
        self.is_corrupt.load(Ordering::Acquire) || self.freshness.is_lost()
    }

    /// Notes that everything committed before `asked_at` is in the index.
    pub(crate) fn confirm(&self, asked_at: Instant) {
        self.freshness.confirm(asked_at);
    }

    /// Takes a commit. Applies it if it is the next, keeps it if something is missing before it,
    /// ignores it if it was applied already.
    pub fn offer(&self, revision: Revision, events: Arc<[Event]>) {
        let mut pending = self.lock();
        if revision <= self.revision() || self.is_corrupt.load(Ordering::Acquire) {
            return;
        }
        pending.ahead.insert(revision, events);
        while let Some(events) = pending.ahead.remove(&self.revision().next()) {
            let next = self.revision().next();
            if let Err(error) = self.apply(next, &events) {
                tracing::error!(revision = next.get(), %error, "an event of the log cannot be understood");
                self.is_corrupt.store(true, Ordering::Release);
                pending.ahead.clear();
                // Wakes whoever waits for a revision that will not come.
                self.head.send_modify(|_| ());
                return;
            }
            pending.recent.push(Commit { revision: next, events });
            self.head.send_replace(next);
        }
        if !pending.ahead.is_empty() {
            self.gap.notify_one();
        }
    }

    fn apply(&self, revision: Revision, events: &[Event]) -> Result<(), varco_decision::CorruptEvent> {
        // First of all, and whatever else can be understood: what is revoked must not work on.
        for event in events {
            self.tokens.forget(event);
        }
        let mut index = Index::clone(&self.index.load());
        for event in events {
            if let Some(fact) = Fact::from_event(event)? {
                index.apply(&fact);
            }
        }
        index.advance(revision);
        self.index.store(Arc::new(index));
        Ok(())
    }

    /// Recent commits after a revision, or `None` if they reach back to before what is kept.
    pub(crate) fn recent_after(&self, revision: Revision, limit: usize) -> Option<Vec<Commit>> {
        self.lock().recent.after_revision(revision, limit)
    }

    /// A place among the watchers, if one is free.
    pub(crate) fn watch_permit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.watches).try_acquire_owned().ok()
    }

    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
