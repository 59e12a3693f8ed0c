use std::sync::Arc;
use std::time::Duration;

use varco_decision::Index;
use varco_domain::{Actor, Event, EventKind, Revision, Subject, Timestamp};

use super::Feed;

fn feed(max_staleness: Duration) -> Feed {
    Feed::new(Index::default(), Arc::default(), max_staleness)
}

/// An event that concerns no decision, or, if it is to be corrupt, one whose subject is missing.
fn commit(revision: u64, is_corrupt: bool) -> (Revision, Arc<[Event]>) {
    let subject = Subject { kind: "organization".to_owned(), id: "org_01kagbbbbbfbbvbbbbbbbbbbbb".to_owned() };
    let event = Event {
        revision: Revision::new(revision),
        ordinal: 0,
        occurred_at: Timestamp::EPOCH,
        organization: None,
        kind: if is_corrupt { EventKind::UnitCreated } else { EventKind::OrganizationUpdated },
        subjects: vec![subject],
        actor: Actor::System,
        address: None,
        request_id: String::new(),
        before: None,
        after: None,
    };
    (Revision::new(revision), Arc::from([event]))
}

fn offer(feed: &Feed, revision: u64) {
    let (revision, events) = commit(revision, false);
    feed.offer(revision, events);
}

fn recent(feed: &Feed, after: u64) -> Option<Vec<u64>> {
    let commits = feed.recent_after(Revision::new(after), 100)?;
    Some(commits.iter().map(|commit| commit.revision.get()).collect())
}

#[test]
fn commits_are_applied_in_order_each_once() {
    let feed = feed(Duration::MAX);
    for revision in [2, 3, 1, 2, 1, 5] {
        offer(&feed, revision);
    }
    assert_eq!(feed.revision(), Revision::new(3), "4 is missing");
    assert_eq!(recent(&feed, 0), Some(vec![1, 2, 3]));

    offer(&feed, 4);
    assert_eq!(feed.revision(), Revision::new(5));
    assert_eq!(recent(&feed, 3), Some(vec![4, 5]));
    assert_eq!(feed.index().revision(), Revision::new(5));
}

#[test]
fn what_is_no_longer_kept_is_not_passed_off_as_nothing() {
    let feed = feed(Duration::MAX);
    for revision in 1..=10_000 {
        offer(&feed, revision);
    }
    assert_eq!(recent(&feed, 1), None);
    assert_eq!(recent(&feed, 9_999), Some(vec![10_000]));
    assert_eq!(recent(&feed, 10_000), Some(vec![]));
}

#[tokio::test]
async fn an_event_that_cannot_be_understood_stops_the_index_and_keeps_nobody_waiting() {
    let feed = feed(Duration::MAX);
    let (revision, events) = commit(1, true);
    let (reached, ()) = tokio::join!(feed.reach(revision), async { feed.offer(revision, events) });

    assert!(!reached);
    assert!(feed.is_stale());
    offer(&feed, 1);
    offer(&feed, 2);
    assert_eq!(feed.revision(), Revision::ZERO);
    assert!(!feed.reach(Revision::new(2)).await);
}

#[test]
fn without_confirmation_the_index_becomes_stale() {
    let lost = feed(Duration::ZERO);
    while !lost.is_stale() {
        std::hint::spin_loop();
    }
    assert!(!feed(Duration::MAX).is_stale());
}
