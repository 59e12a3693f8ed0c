use std::collections::VecDeque;
use std::sync::Arc;

use varco_domain::{Event, Revision};

/// The events of one revision.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The revision.
    pub revision: Revision,
    /// Its events, in order; at least one.
    pub events: Arc<[Event]>,
}

/// How many events are kept for watchers that are nearly up to date; whoever is further behind
/// reads the log.
const MAX_EVENTS: usize = 8192;

/// The last commits. Invariant: their revisions are dense and end with the index's.
pub(super) struct Recent {
    commits: VecDeque<Commit>,
    events: usize,
    /// The revision before the first one kept.
    floor: Revision,
}

impl Recent {
    pub(super) fn after(floor: Revision) -> Self {
        Self { commits: VecDeque::new(), events: 0, floor }
    }

    pub(super) fn push(&mut self, commit: Commit) {
        self.events += commit.events.len();
        self.commits.push_back(commit);
        // The newest is kept whatever its size: every watcher is about to ask for it.
        while self.events > MAX_EVENTS && self.commits.len() > 1 {
            let Some(oldest) = self.commits.pop_front() else { return };
            self.events -= oldest.events.len();
            self.floor = oldest.revision;
        }
    }

    pub(super) fn after_revision(&self, revision: Revision, limit: usize) -> Option<Vec<Commit>> {
        let skipped = revision.get().checked_sub(self.floor.get())?;
        let skipped = usize::try_from(skipped).ok()?;
        Some(self.commits.iter().skip(skipped).take(limit).cloned().collect())
    }
}
