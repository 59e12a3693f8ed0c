//! What follows the log: the decision index, the recent events for watchers, the token cache.
//!
//! Commits of this process are offered by the writer itself, before it answers; what other
//! processes commit is read from the log by `follow`. Both go through `offer`, which applies
//! revisions in order, each once.

mod follow;
mod recent;

pub use follow::follow;
pub use recent::Commit;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, Guard};
use tokio::sync::{Notify, watch};
use varco_decision::{Fact, Index};
use varco_domain::{Event, Revision, Timestamp};

use crate::TokenCache;
use recent::Recent;

/// The in-memory state that follows the log.
pub struct Feed {
    index: ArcSwap<Index>,
    head: watch::Sender<Revision>,
    pending: Mutex<Pending>,
    gap: Notify,
    confirmed_at: AtomicI64,
    is_corrupt: AtomicBool,
    tokens: Arc<TokenCache>,
}

/// Invariant: what is applied is the index's revision; everything in `ahead` is later than the next.
struct Pending {
    ahead: BTreeMap<Revision, Arc<[Event]>>,
    recent: Recent,
}

impl Feed {
    /// Starts from an index built from a snapshot of the log.
    pub fn new(index: Index, tokens: Arc<TokenCache>, now: Timestamp) -> Self {
        let revision = index.revision();
        Self {
            index: ArcSwap::from_pointee(index),
            head: watch::Sender::new(revision),
            pending: Mutex::new(Pending { ahead: BTreeMap::new(), recent: Recent::after(revision) }),
            gap: Notify::new(),
            confirmed_at: AtomicI64::new(now.as_micros()),
            is_corrupt: AtomicBool::new(false),
            tokens,
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

    /// Waits until the index holds a revision.
    pub async fn reach(&self, revision: Revision) {
        let mut head = self.head.subscribe();
        // The sender lives as long as `self`, so the wait can only end by reaching it.
        let _ = head.wait_for(|reached| *reached >= revision).await;
    }

    /// Resolves when the index moves past a revision.
    pub(crate) async fn past(&self, revision: Revision) {
        self.reach(revision.next()).await;
    }

    /// When the head of the log was last known to be reached.
    pub fn confirmed_at(&self) -> Timestamp {
        Timestamp::from_micros(self.confirmed_at.load(Ordering::Acquire))
    }

    /// Whether an event could not be understood, so that the index no longer follows.
    pub fn is_corrupt(&self) -> bool {
        self.is_corrupt.load(Ordering::Acquire)
    }

    pub(crate) fn confirm(&self, now: Timestamp) {
        self.confirmed_at.fetch_max(now.as_micros(), Ordering::AcqRel);
    }

    /// Takes a commit. Applies it if it is the next, keeps it if something is missing before it,
    /// ignores it if it was applied already.
    pub fn offer(&self, revision: Revision, events: Arc<[Event]>) {
        let mut pending = self.lock();
        if revision <= self.revision() {
            return;
        }
        pending.ahead.insert(revision, events);
        while let Some(events) = pending.ahead.remove(&self.revision().next()) {
            let next = self.revision().next();
            if let Err(error) = self.apply(next, &events) {
                tracing::error!(revision = next.get(), %error, "an event of the log cannot be understood");
                self.is_corrupt.store(true, Ordering::Release);
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
        let mut index = Index::clone(&self.index.load());
        for event in events {
            if let Some(fact) = Fact::from_event(event)? {
                index.apply(&fact);
            }
            self.tokens.forget(event);
        }
        index.advance(revision);
        self.index.store(Arc::new(index));
        Ok(())
    }

    /// Recent commits after a revision, or `None` if they reach back to before what is kept.
    pub(crate) fn recent_after(&self, revision: Revision, limit: usize) -> Option<Vec<Commit>> {
        self.lock().recent.after_revision(revision, limit)
    }

    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
