//! Row P3, for changes: what the service does between a commit and the answer to its writer. The feed
//! reads the fact out of the event, changes the index, replaces the one that readers take, and tells
//! whoever waits.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use tempfile::TempDir;
use varco_application::Feed;
use varco_application::storage::Store;
use varco_domain::{Event, Revision};
use varco_persistence::SeaStore;

use crate::fixture::{Fixture, Random};
use crate::row::{Row, Target, median};

/// Each change behind its commit to SQLite, as in the service.
pub(crate) fn within_writes(small: &Fixture, large: &Fixture) -> anyhow::Result<Row> {
    const CHANGES: usize = 2_000;
    let runtime = tokio::runtime::Runtime::new().context("no runtime")?;
    let (floor, value) = runtime.block_on(async {
        let (mut small, mut large) = (Writer::open(small).await?, Writer::open(large).await?);
        let (mut floors, mut values) = (Vec::new(), Vec::new());
        for _ in 0..CHANGES {
            floors.push(small.write().await?);
            values.push(large.write().await?);
        }
        anyhow::Ok((median(floors), median(values)))
    })?;
    let what = "publishing one change within its write, by users, 1 to 100".to_owned();
    Ok(Row { id: "P3", what, floor, value, unit: "ns", target: Target::AtMost(1.2) })
}

struct Writer<'a> {
    fixture: &'a Fixture,
    feed: Feed,
    store: SeaStore,
    random: Random,
    _files: TempDir,
}

impl<'a> Writer<'a> {
    async fn open(fixture: &'a Fixture) -> anyhow::Result<Self> {
        let files = TempDir::new()?;
        let store = SeaStore::open_sqlite(&files.path().join("bench.db")).await?;
        let feed = Feed::new(fixture.index.clone(), Arc::default(), Duration::MAX);
        Ok(Self { fixture, feed, store, random: Random(3), _files: files })
    }

    /// Commits a change, and says how long its publication took, in nanoseconds.
    async fn write(&mut self) -> anyhow::Result<f64> {
        let (next, events) = self.fixture.commit(self.feed.revision().next().get(), &mut self.random);
        let mut events = events.to_vec();
        let mut work = self.store.begin().await?;
        let revision = work.log().append(&mut events).await?;
        work.commit().await?;
        anyhow::ensure!(revision == next, "the log holds something else");
        let start = Instant::now();
        self.feed.offer(revision, events.into());
        let nanos = start.elapsed().as_secs_f64() * 1e9;
        anyhow::ensure!(self.feed.revision() == revision, "the change was not published");
        Ok(nanos)
    }
}

/// One change right after the other, so that whatever fits in the processor's cache stays there. No
/// row asks for it: it shows how much memory a change touches.
pub(crate) fn alone(small: &Fixture, large: &Fixture) -> anyhow::Result<Row> {
    let what = "publishing one change, nothing between two (for information)".to_owned();
    let (mut floors, mut ratios) = (Vec::new(), Vec::new());
    for _ in 0..7 {
        let (floor, value) = (nanos_per_publication(small)?, nanos_per_publication(large)?);
        floors.push(floor);
        ratios.push(value / floor);
    }
    let floor = median(floors);
    Ok(Row { id: "-", what, floor, value: median(ratios) * floor, unit: "ns", target: Target::None })
}

fn nanos_per_publication(fixture: &Fixture) -> anyhow::Result<f64> {
    const CHANGES: u32 = 10_000;
    let feed = Feed::new(fixture.index.clone(), Arc::default(), Duration::MAX);
    let mut random = Random(3);
    let commits: Vec<(Revision, Arc<[Event]>)> =
        (1..=u64::from(CHANGES)).map(|revision| fixture.commit(revision, &mut random)).collect();
    let start = Instant::now();
    for (revision, events) in commits {
        feed.offer(revision, events);
    }
    let elapsed = start.elapsed();
    anyhow::ensure!(feed.revision() == Revision::new(CHANGES.into()), "a change was not published");
    Ok(elapsed.as_secs_f64() * 1e9 / f64::from(CHANGES))
}
