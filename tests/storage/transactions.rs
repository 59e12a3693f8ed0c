use std::time::Duration;

use futures::future::join_all;
use varco_application::storage::{StorageError, Store as _};
use varco_domain::*;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

on_every_database! {
    async fn what_is_dropped_is_rolled_back(database: TestDatabase) {
        let store = database.open().await;
        let lost = organization("Lost");
        let mut work = begin(&store).await;
        work.organizations().insert(&lost).await.unwrap();
        drop(work);

        assert_eq!(read(&store).await.organizations().find(lost.id).await.unwrap(), None);
        commit!(store, |work| work.organizations().insert(&organization("Lost")));
    }

    async fn what_fails_is_rolled_back(database: TestDatabase) {
        let store = database.open().await;
        tenant(&store, "Taken").await;
        let lost = organization("Lost");
        let mut work = begin(&store).await;
        work.organizations().insert(&lost).await.unwrap();
        work.organizations().insert(&organization("Taken")).await.unwrap_err();
        drop(work);

        assert_eq!(read(&store).await.organizations().find(lost.id).await.unwrap(), None);
    }

    async fn a_reader_sees_one_snapshot(database: TestDatabase) {
        let store = database.open().await;
        let mut reader = read(&store).await;
        assert_eq!(reader.organizations().list(None, None, 10).await.unwrap().items.len(), 0);
        let tenant = tenant(&store, "Acme").await;

        assert_eq!(reader.organizations().find(tenant.id()).await.unwrap(), None);
        assert_eq!(reader.organizations().list(None, None, 10).await.unwrap().items.len(), 0);
        drop(reader);
        assert_eq!(read(&store).await.organizations().list(None, None, 10).await.unwrap().items.len(), 1);
    }

    async fn a_reader_writes_nothing(database: TestDatabase) {
        let store = database.open().await;
        let refused = read(&store).await.organizations().insert(&organization("Acme")).await;
        assert!(refused.is_err());
    }

    async fn a_reader_does_not_wait_for_a_writer(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let mut writer = begin(&store).await;
        writer.organizations().lock(acme).await.unwrap();

        assert!(read(&store).await.organizations().find(acme).await.unwrap().is_some());
        writer.commit().await.unwrap();
    }

    async fn a_lock_lets_one_in_at_a_time(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        // Each reads the seats and takes one; a lost update would lose a seat.
        let takers = (0..16).map(|_| async {
            let mut work = begin(&store).await;
            let mut organization = work.organizations().lock(acme).await.unwrap().unwrap();
            organization.app_seats.take().unwrap();
            work.organizations().update_seats(&organization).await.unwrap();
            work.commit().await.unwrap();
        });
        join_all(takers).await;

        let stored = read(&store).await.organizations().find(acme).await.unwrap().unwrap();
        assert_eq!(stored.app_seats.used, 16);
    }

    async fn of_two_who_take_one_name_one_wins(database: TestDatabase) {
        let store = database.open().await;
        let home = tenant(&store, "Home").await.id();
        let takers = (0..8).map(|_| async {
            let mut work = begin(&store).await;
            work.users().insert(&user(home, "ana")).await?;
            work.commit().await
        });
        let outcomes = join_all(takers).await;

        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(()) | Err(StorageError::Duplicate(_)))), "{outcomes:?}");
    }

    async fn a_deadlock_is_contention(database: TestDatabase) {
        let store = database.open().await;
        let (one, two) = (tenant(&store, "One").await.id(), tenant(&store, "Two").await.id());
        let barrier = tokio::sync::Barrier::new(2);
        let cross = |first: OrganizationId, second: OrganizationId| {
            let (store, barrier) = (&store, &barrier);
            async move {
                let mut work = store.begin().await?;
                work.organizations().lock(first).await?;
                // SQLite lets one in at a time, so the other never gets as far.
                let _ = tokio::time::timeout(Duration::from_millis(300), barrier.wait()).await;
                work.organizations().lock(second).await?;
                work.commit().await
            }
        };
        let (left, right) = tokio::join!(cross(one, two), cross(two, one));

        let outcomes = [left, right];
        assert!(outcomes.iter().any(Result::is_ok), "{outcomes:?}");
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(()) | Err(StorageError::Contention))), "{outcomes:?}");
    }
}
