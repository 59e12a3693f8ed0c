use std::sync::Arc;
use std::time::Duration;

use varco_domain::{Event, Revision};

use crate::storage::{EventKey, StorageError, Store};
use crate::{Clock, Feed, Tasks};

/// How often the log is asked even when nothing announces a change: notifications may be lost, and
/// the freshness of the index rests on having confirmed the head.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// How many events are read at once.
const BATCH: usize = 2048;

/// Keeps the feed up to the log until the server stops.
pub async fn follow(feed: Arc<Feed>, store: Arc<dyn Store>, clock: Arc<dyn Clock>, tasks: Tasks) {
    loop {
        tokio::select! {
            () = tasks.stopping() => return,
            () = feed.gap.notified() => {}
            () = store.wait_for_commits() => {}
            () = tokio::time::sleep(POLL_INTERVAL) => {}
        }
        let asked_at = clock.now();
        match catch_up(&feed, store.as_ref()).await {
            Ok(()) => feed.confirm(asked_at),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the log cannot be read"),
        }
    }
}

/// Reads the log up to its head and offers what the feed does not have yet.
async fn catch_up(feed: &Feed, store: &dyn Store) -> Result<(), StorageError> {
    loop {
        let mut work = store.begin_read().await?;
        let start = feed.revision();
        let head = work.log().head().await?;
        if head <= start {
            return Ok(());
        }
        let events = read_whole_revisions(work.as_mut(), start).await?;
        let Some(last) = events.last().map(|event| event.revision) else { return Ok(()) };
        offer_all(feed, events);
        if last >= head || feed.revision() == start {
            return Ok(());
        }
    }
}

/// Reads a batch that ends with the last event of a revision.
async fn read_whole_revisions(
    work: &mut dyn crate::storage::UnitOfWork,
    after: Revision,
) -> Result<Vec<Event>, StorageError> {
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

fn offer_all(feed: &Feed, events: Vec<Event>) {
    let mut commit: Vec<Event> = Vec::new();
    for event in events {
        if commit.first().is_some_and(|first| first.revision != event.revision) {
            offer(feed, std::mem::take(&mut commit));
        }
        commit.push(event);
    }
    offer(feed, commit);
}

fn offer(feed: &Feed, commit: Vec<Event>) {
    if let Some(first) = commit.first() {
        feed.offer(first.revision, Arc::from(commit));
    }
}
