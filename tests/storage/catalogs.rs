use varco_application::storage::{StorageError, UniqueKey};
use varco_domain::*;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

on_every_database! {
    async fn a_catalog_reads_back_whole(database: TestDatabase) {
        let store = database.open().await;
        let catalog = catalog("privacy", &["Register.edit", "register.edit", "register.view"]);
        commit!(store, |work| work.catalogs().insert(&catalog));

        let mut work = begin(&store).await;
        assert_eq!(work.catalogs().find(&catalog.key).await.unwrap(), Some(catalog.clone()));
        assert_eq!(work.catalogs().lock(&catalog.key).await.unwrap(), Some(catalog));
        assert_eq!(work.catalogs().find(&key("assets")).await.unwrap(), None);
        assert_eq!(work.catalogs().lock(&key("assets")).await.unwrap(), None);
    }

    async fn a_key_is_taken_once(database: TestDatabase) {
        let store = database.open().await;
        commit!(store, |work| work.catalogs().insert(&catalog("privacy", &["a.b"])));

        let mut work = begin(&store).await;
        let refused = work.catalogs().insert(&catalog("privacy", &["c.d"])).await;
        assert!(matches!(refused, Err(StorageError::Duplicate(UniqueKey::CatalogKey))), "{refused:?}");
    }

    async fn an_update_replaces_it_whole(database: TestDatabase) {
        let store = database.open().await;
        commit!(store, |work| work.catalogs().insert(&catalog("privacy", &["a.b", "c.d"])));
        let next = Catalog { version: 8, predefined_roles: Vec::new(), ..catalog("privacy", &["c.d", "e.f"]) };
        commit!(store, |work| work.catalogs().update(&next));

        assert_eq!(read(&store).await.catalogs().find(&next.key).await.unwrap(), Some(next));
        let unknown = catalog("assets", &["a.b"]);
        let mut work = begin(&store).await;
        let refused = work.catalogs().update(&unknown).await;
        assert!(matches!(refused, Err(StorageError::Stale)), "{refused:?}");
    }

    async fn catalogs_are_listed_by_key_without_contents(database: TestDatabase) {
        let store = database.open().await;
        for name in ["zz", "a-b", "ab", "a0"] {
            commit!(store, |work| work.catalogs().insert(&catalog(name, &["a.b"])));
        }
        let mut work = read(&store).await;

        let first = work.catalogs().list(None, 3).await.unwrap();
        let rest = work.catalogs().list(Some(&first.items[2].key), 3).await.unwrap();
        assert!(first.has_more && !rest.has_more);
        let keys: Vec<_> = first.items.iter().chain(&rest.items).map(|catalog| catalog.key.as_str()).collect();
        assert_eq!(keys, ["a-b", "a0", "ab", "zz"], "in the order of bytes");
        assert!(first.items.iter().all(|catalog| catalog.permissions.is_empty() && catalog.predefined_roles.is_empty()));
    }

    async fn permissions_are_those_of_subscribed_catalogs(database: TestDatabase) {
        let store = database.open().await;
        let (acme, other) = (tenant(&store, "Acme").await.id(), tenant(&store, "Other").await.id());
        // By bytes `-` comes before `:`, so the order of permissions is not that of catalogs.
        for (name, offered) in [("aa", ["x.y", "B.y"]), ("aa-b", ["x.y", "a.y"]), ("zz", ["x.y", "a.y"])] {
            let mut catalog = catalog(name, &offered);
            catalog.permissions.sort_by(|a, b| a.key.cmp(&b.key));
            commit!(store, |work| work.catalogs().insert(&catalog));
        }
        commit!(store, |work| work.organizations().subscribe(acme, &key("aa")),
            work.organizations().subscribe(acme, &key("aa-b")), work.organizations().subscribe(other, &key("zz")));
        let mut work = read(&store).await;

        let first = work.catalogs().permissions(acme, None, 3).await.unwrap();
        let rest = work.catalogs().permissions(acme, Some(&first.items[2].key), 3).await.unwrap();
        assert!(first.has_more && !rest.has_more);
        let keys: Vec<_> = first.items.iter().chain(&rest.items).map(|offered| offered.key.as_str()).collect();
        assert_eq!(keys, ["aa-b:a.y", "aa-b:x.y", "aa:B.y", "aa:x.y"]);
        let asked = ["zz:x.y", "aa:x.y", "aa:b.y", "aa-b:a.y"].map(permission);
        let grantable = work.catalogs().grantable_among(acme, &asked).await.unwrap();
        assert_eq!(grantable, ["aa-b:a.y", "aa:x.y"].map(permission));
    }
}
