use varco_application::storage::{StorageError, UniqueKey};
use varco_domain::*;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

on_every_database! {
    async fn an_organization_reads_back_as_it_was_written(database: TestDatabase) {
        let store = database.open().await;
        let parent = tenant(&store, "Parent").await.organization;
        let organization = Organization {
            app_display_name: Some(label("App")),
            parent: Some(parent.id),
            policies: Policies { pin_required: true, max_password_age: Some(24 * HOUR), ..Policies::default() },
            app_seats: Seats { pool: SeatPool::App, limit: Some(10), used: 4 },
            ..organization("Caff\u{e8}")
        };
        commit!(store, |work| work.organizations().insert(&organization));

        let mut work = read(&store).await;
        assert_eq!(work.organizations().find(organization.id).await.unwrap(), Some(organization.clone()));
        assert_eq!(work.organizations().find(id()).await.unwrap(), None);
        assert!(work.organizations().has_children(parent.id).await.unwrap());
        assert!(!work.organizations().has_children(organization.id).await.unwrap());
        drop(work);
        let mut work = begin(&store).await;
        assert_eq!(work.organizations().lock(organization.id).await.unwrap(), Some(organization));
        assert_eq!(work.organizations().lock(id()).await.unwrap(), None);
    }

    async fn a_name_that_differs_in_case_alone_is_taken(database: TestDatabase) {
        let store = database.open().await;
        tenant(&store, "Stra\u{df}e").await;
        let mut other = tenant(&store, "Other").await.organization;

        let mut work = begin(&store).await;
        let inserted = work.organizations().insert(&organization("STRASSE")).await;
        assert!(matches!(inserted, Err(StorageError::Duplicate(UniqueKey::OrganizationName))), "{inserted:?}");
        drop(work);
        other.name = label("strasse");
        let mut work = begin(&store).await;
        let updated = work.organizations().update(&mut other).await;
        assert!(matches!(updated, Err(StorageError::Duplicate(UniqueKey::OrganizationName))), "{updated:?}");
    }

    async fn an_update_steps_the_version_and_leaves_the_seats(database: TestDatabase) {
        let store = database.open().await;
        let mut organization = tenant(&store, "Acme").await.organization;
        let mut stale = organization.clone();
        organization.name = label("Acme two");
        organization.policies.max_session_age = HOUR;
        organization.app_seats.used = 77;
        commit!(store, |work| work.organizations().update(&mut organization));

        let mut work = begin(&store).await;
        let refused = work.organizations().update(&mut stale).await;
        assert!(matches!(refused, Err(StorageError::Stale)), "{refused:?}");
        drop(work);
        let stored = read(&store).await.organizations().find(organization.id).await.unwrap().unwrap();
        assert_eq!(stored.version, Version::FIRST.next());
        assert_eq!(stored.app_seats.used, 0);
        assert_eq!(stored.name, label("Acme two"));
    }

    async fn seats_are_stored_by_themselves(database: TestDatabase) {
        let store = database.open().await;
        let mut organization = tenant(&store, "Acme").await.organization;
        organization.app_seats = Seats { pool: SeatPool::App, limit: Some(5), used: 5 };
        organization.back_office_seats = Seats::unlimited(SeatPool::BackOffice);
        commit!(store, |work| work.organizations().update_seats(&organization));

        assert_eq!(read(&store).await.organizations().find(organization.id).await.unwrap(), Some(organization));
    }

    async fn organizations_are_listed_by_id_and_by_parent(database: TestDatabase) {
        let store = database.open().await;
        let parent = tenant(&store, "Parent").await.id();
        let mut children = Vec::new();
        for name in ["c", "a", "b"] {
            let child = Organization { parent: Some(parent), ..organization(name) };
            commit!(store, |work| work.organizations().insert(&child));
            children.push(child.id);
        }
        let mut work = read(&store).await;

        let first = work.organizations().list(Some(parent), None, 2).await.unwrap();
        assert!(first.has_more);
        let rest = work.organizations().list(Some(parent), Some(first.items[1].id), 2).await.unwrap();
        assert!(!rest.has_more);
        let listed: Vec<_> = first.items.iter().chain(&rest.items).map(|organization| organization.id).collect();
        assert_eq!(listed, children);
        assert_eq!(work.organizations().list(None, None, 100).await.unwrap().items.len(), 4);
    }

    async fn a_subscription_is_there_once(database: TestDatabase) {
        let store = database.open().await;
        let tenant = tenant(&store, "Acme").await;
        commit!(store, |work| work.catalogs().insert(&catalog("privacy", &["a.b"])),
            work.catalogs().insert(&catalog("assets", &["a.b"])));
        commit!(store, |work| work.organizations().subscribe(tenant.id(), &key("privacy")),
            work.organizations().subscribe(tenant.id(), &key("assets")));

        let mut work = begin(&store).await;
        let again = work.organizations().subscribe(tenant.id(), &key("privacy")).await;
        assert!(matches!(again, Err(StorageError::Duplicate(UniqueKey::Subscription))), "{again:?}");
        drop(work);
        let mut work = begin(&store).await;
        let stored = work.organizations().find(tenant.id()).await.unwrap().unwrap();
        assert_eq!(stored.catalogs, [key("assets"), key("privacy")]);
        assert_eq!(work.organizations().subscribers(&key("privacy")).await.unwrap(), [tenant.id()]);
        assert!(work.organizations().unsubscribe(tenant.id(), &key("privacy")).await.unwrap());
        assert!(!work.organizations().unsubscribe(tenant.id(), &key("privacy")).await.unwrap());
        assert!(work.organizations().subscribers(&key("privacy")).await.unwrap().is_empty());
    }

    async fn a_deleted_organization_takes_all_it_owns_and_nothing_else(database: TestDatabase) {
        let store = database.open().await;
        let (gone, kept) = (tenant(&store, "Gone").await, tenant(&store, "Kept").await);
        let guest = member(&store, kept.id(), "guest").await;
        let below = unit(gone.id(), Some(&gone.root), "Below");
        let role = role(gone.id(), "Role");
        let account = service_account(Some(gone.id()), "robot");
        let assigned = put(SubjectId::User(guest.user.id), below.id, &entry(&[role.id]));
        commit!(store, |work| work.units().insert(&below), work.roles().insert(&role),
            work.users().insert_membership(&membership(gone.id(), &guest.user)),
            work.service_accounts().insert(&account),
            work.catalogs().insert(&catalog("privacy", &["a.b"])),
            work.organizations().subscribe(gone.id(), &key("privacy")),
            work.assignments().apply(gone.id(), &[assigned]));
        commit!(store, |work| work.organizations().delete(gone.id()));

        let mut work = read(&store).await;
        assert_eq!(work.organizations().find(gone.id()).await.unwrap(), None);
        assert_eq!(work.units().find(gone.id(), below.id).await.unwrap(), None);
        assert_eq!(work.roles().find(gone.id(), role.id).await.unwrap(), None);
        assert_eq!(work.service_accounts().find(Some(gone.id()), account.id).await.unwrap(), None);
        assert_eq!(work.users().find(kept.id(), guest.user.id).await.unwrap(), Some(guest));
        assert_eq!(work.units().find(kept.id(), kept.root.id).await.unwrap(), Some(kept.root));
    }
}
