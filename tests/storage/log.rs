use futures::future::join_all;
use varco_application::storage::{EventFilter, EventKey};
use varco_domain::*;
use varco_persistence::SeaStore;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

const START: EventKey = EventKey { revision: Revision::ZERO, ordinal: u32::MAX };

/// Appends in a unit of work of its own.
async fn append(store: &SeaStore, mut events: Vec<Event>) -> Vec<Event> {
    commit!(store, |work| work.log().append(&mut events));
    events
}

async fn found(store: &SeaStore, filter: EventFilter) -> Vec<u64> {
    let page = read(store).await.log().search(&filter, None, 100).await.unwrap();
    page.items.iter().map(|event| event.revision.get()).collect()
}

fn key_of(event: &Event) -> EventKey {
    EventKey { revision: event.revision, ordinal: event.ordinal }
}

on_every_database! {
    async fn events_read_back_as_they_were_written(database: TestDatabase) {
        let store = database.open().await;
        let inner = Record::default().with("limit", 3_u32);
        let full = Event {
            actor: Actor::Subject { id: SubjectId::User(id()), organization: Some(id()) },
            address: Some("192.0.2.7".to_owned()),
            before: Some(Record::default().with("roles", ["a", "b"].into_iter().collect::<Value>())),
            after: Some(Record::default().with("flag", true).with("inner", Value::Record(inner))),
            ..event(Some(id()), EventKind::RoleCreated, &[("role", "role_1"), ("user", "user_1"), ("unit", "user_1")])
        };
        let bare = Event { after: None, ..event(None, EventKind::CatalogApplied, &[]) };
        let written = append(&store, vec![full, bare]).await;

        assert_eq!(written.iter().map(|event| (event.revision.get(), event.ordinal)).collect::<Vec<_>>(), [(1, 0), (1, 1)]);
        let mut work = read(&store).await;
        assert_eq!(work.log().after(START, 10).await.unwrap(), written);
        assert_eq!(work.log().after(key_of(&written[0]), 10).await.unwrap(), written[1..]);
        assert_eq!(work.log().after(START, 1).await.unwrap(), written[..1]);
        assert_eq!(work.log().after(START, 0).await.unwrap(), []);
        assert_eq!(work.log().head().await.unwrap(), Revision::new(1));
    }

    async fn what_is_rolled_back_leaves_no_gap(database: TestDatabase) {
        let store = database.open().await;
        assert_eq!(read(&store).await.log().head().await.unwrap(), Revision::ZERO);
        let mut lost = vec![event(None, EventKind::CatalogApplied, &[])];
        begin(&store).await.log().append(&mut lost).await.unwrap();
        assert_eq!(lost[0].revision, Revision::new(1));

        let kept = append(&store, vec![event(None, EventKind::CatalogApplied, &[])]).await;
        assert_eq!(kept[0].revision, Revision::new(1));
        assert_eq!(read(&store).await.log().after(START, 10).await.unwrap(), kept);
    }

    async fn concurrent_appends_give_dense_revisions_in_the_order_of_commits(database: TestDatabase) {
        let store = database.open().await;
        let seen = std::sync::Mutex::new(Vec::new());
        let writers = (0..8).map(|_| async {
            for _ in 0..10 {
                let mut work = begin(&store).await;
                let revision = work.log().append(&mut [event(None, EventKind::CatalogApplied, &[])]).await.unwrap();
                work.commit().await.unwrap();
                // Whoever has committed sees no head below its own revision, and none is ever missing.
                let mut work = read(&store).await;
                let head = work.log().head().await.unwrap();
                let events = work.log().after(START, 1000).await.unwrap();
                assert!(revision <= head);
                assert_eq!(events.len() as u64, head.get());
                seen.lock().unwrap().push(revision.get());
            }
        });
        join_all(writers).await;

        let mut seen = seen.into_inner().unwrap();
        seen.sort_unstable();
        assert_eq!(seen, (1..=80).collect::<Vec<_>>());
    }

    async fn events_are_searched_newest_first_by_every_filter(database: TestDatabase) {
        let store = database.open().await;
        let (acme, elsewhere, actor) = (id(), id(), SubjectId::ServiceAccount(id()));
        let at = |event: Event, micros| Event { occurred_at: Timestamp::from_micros(micros), ..event };
        let user = [("user", "user_1"), ("unit", "unit_1")];
        append(&store, vec![at(event(Some(acme), EventKind::UserCreated, &user), 100)]).await;
        append(&store, vec![at(event(Some(id()), EventKind::UserCreated, &user), 200)]).await;
        let by_actor = Event {
            actor: Actor::Subject { id: actor, organization: Some(elsewhere) },
            ..event(Some(acme), EventKind::UnitCreated, &[("unit", "unit_1")])
        };
        append(&store, vec![at(by_actor, 300)]).await;
        append(&store, vec![at(event(None, EventKind::CatalogApplied, &[]), -5)]).await;

        let all = EventFilter::default();
        assert_eq!(found(&store, all.clone()).await, [4, 3, 2, 1]);
        assert_eq!(found(&store, EventFilter { organization: Some(acme), ..all.clone() }).await, [3, 1]);
        let by_actor = EventFilter { actor: Some(actor), ..all.clone() };
        assert_eq!(found(&store, by_actor.clone()).await, [3]);
        let of_here = EventFilter { organization: Some(acme), actor_organization: Some(acme), ..by_actor.clone() };
        assert_eq!(found(&store, of_here).await, Vec::<u64>::new());
        let of_elsewhere = EventFilter { actor_organization: Some(elsewhere), ..by_actor };
        assert_eq!(found(&store, of_elsewhere).await, [3]);
        assert_eq!(found(&store, EventFilter { subject: Some("user_1".to_owned()), ..all.clone() }).await, [2, 1]);
        let types = vec!["unit.created".to_owned(), "catalog.applied".to_owned()];
        assert_eq!(found(&store, EventFilter { types, ..all.clone() }).await, [4, 3]);
        let (from, until) = (Some(Timestamp::from_micros(200)), Some(Timestamp::from_micros(300)));
        assert_eq!(found(&store, EventFilter { from, ..all.clone() }).await, [3, 2]);
        assert_eq!(found(&store, EventFilter { until, ..all.clone() }).await, [4, 2, 1]);
        assert_eq!(found(&store, EventFilter { from, until, ..all.clone() }).await, [2]);
        let narrow = EventFilter { organization: Some(acme), subject: Some("unit_1".to_owned()), from, ..all };
        assert_eq!(found(&store, narrow).await, [3]);
    }

    async fn a_walk_back_meets_every_event_once_while_others_are_written(database: TestDatabase) {
        let store = database.open().await;
        let about = |_| event(None, EventKind::CatalogApplied, &[("catalog", "x")]);
        for size in [3, 1, 4] {
            append(&store, (0..size).map(about).collect()).await;
        }
        for subject in [None, Some("x".to_owned())] {
            let filter = EventFilter { subject, ..EventFilter::default() };
            let (mut seen, mut before) = (Vec::new(), None);
            loop {
                let page = read(&store).await.log().search(&filter, before, 2).await.unwrap();
                seen.extend(page.items.iter().map(|event| (event.revision.get(), event.ordinal)));
                before = page.items.last().map(key_of);
                if !page.has_more {
                    break;
                }
                append(&store, vec![event(None, EventKind::CatalogApplied, &[])]).await;
            }
            let old: Vec<_> = seen.iter().filter(|(revision, _)| *revision <= 3).collect();
            assert_eq!(old, [&(3, 3), &(3, 2), &(3, 1), &(3, 0), &(2, 0), &(1, 2), &(1, 1), &(1, 0)]);
            assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
        }
    }
}

/// Only PostgreSQL has other processes to hear of.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_elsewhere_wakes_whoever_waits() {
    use varco_application::storage::Store as _;
    use varco_testkit::databases::{Backend, postgres};
    if !Backend::Postgres.is_wanted() {
        return;
    }
    let database = postgres().await;
    let (here, there) = (database.open().await, database.open().await);
    // The first wait ends once it listens.
    here.wait_for_commits().await;
    let (_, ()) =
        tokio::join!(append(&there, vec![event(None, EventKind::CatalogApplied, &[])]), here.wait_for_commits());

    here.close().await;
    there.close().await;
}

#[tokio::test]
async fn nobody_else_commits_to_a_file() {
    use varco_application::storage::Store as _;
    let database = varco_testkit::databases::sqlite();
    let store = database.open().await;
    let waiting = tokio::time::timeout(std::time::Duration::from_millis(50), store.wait_for_commits());
    let (waited, _) = tokio::join!(waiting, append(&store, vec![event(None, EventKind::CatalogApplied, &[])]));
    assert!(waited.is_err(), "it waits for ever");
}
