use std::sync::Arc;
use std::time::{Duration, Instant};

use varco_domain::{Event, Revision};

use crate::feed::Commit;
use crate::storage::{EventKey, StorageError, Store, UnitOfWork};
use crate::{Feed, Tasks};

/// How often the log is asked even when nothing announces a change: notifications may be lost, and
/// the freshness of the index rests on having confirmed the head.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// How many events are read at once.
const BATCH: usize = 2048;

/// Keeps the feed up to the log until the server stops.
pub async fn follow(feed: Arc<Feed>, store: Arc<dyn Store>, tasks: Tasks) {
    loop {
        tokio::select! {
            () = tasks.stopping() => return,
            () = feed.gap.notified() => {}
            () = store.wait_for_commits() => {}
            () = tokio::time::sleep(POLL_INTERVAL) => {}
        }
        let asked_at = Instant::now();
        match catch_up(&feed, store.as_ref()).await {
            Ok(()) => feed.confirm(asked_at),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the log cannot be followed"),
        }
    }
}

/// Why the feed does not reach the head of the log.
#[derive(Debug, thiserror::Error)]
enum FollowError {
    /// The log has nothing to go on with, although its head is further, or what it has cannot be
    /// understood.
    #[error("the log goes on after revision {after}, and what follows is missing or cannot be understood")]
    Stuck { after: Revision },
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Reads the log up to its head and offers what the feed does not have yet.
async fn catch_up(feed: &Feed, store: &dyn Store) -> Result<(), FollowError> {
    loop {
        let mut work = store.begin_read().await?;
        let start = feed.revision();
        let head = work.log().head().await?;
        if head <= start {
            return Ok(());
        }
        for commit in whole_commits_after(work.as_mut(), start).await? {
            feed.offer(commit.revision, commit.events);
        }
        if feed.revision() == start {
            return Err(FollowError::Stuck { after: start });
        }
    }
}

/// Reads a batch that ends with the last event of a revision.
async fn read_whole_revisions(work: &mut dyn UnitOfWork, after: Revision) -> Result<Vec<Event>, StorageError> {
    let mut events: Vec<Event> = Vec::new();
    let mut key = EventKey { revision: after, ordinal: u32::MAX };
    loop {
        let batch = work.log().after(key, BATCH).await?;
        let is_last = batch.len() < BATCH;
        events.extend(batch);
        let Some(last) = events.last() else { return Ok(events) };
        let last_revision = last.revision;
        key = EventKey { revision: last_revision, ordinal: last.ordinal };
        let has_whole_revision = events.first().is_some_and(|first| first.revision != last_revision);
        if is_last {
            return Ok(events);
        }
        if has_whole_revision {
            events.retain(|event| event.revision != last_revision);
            return Ok(events);
        }
    }
}

/// The commits after a revision, each whole: at least one if there is any.
pub(crate) async fn whole_commits_after(
    work: &mut dyn UnitOfWork,
    after: Revision,
) -> Result<Vec<Commit>, StorageError> {
    let events = read_whole_revisions(work, after).await?;
    let commits = events.chunk_by(|one, next| one.revision == next.revision);
    Ok(commits.map(|events| Commit { revision: events[0].revision, events: Arc::from(events) }).collect())
}
