use varco_persistence::{OpenError, PostgresOptions, SeaStore};
use varco_testkit::databases::{Address, TestDatabase, sqlite};
use varco_testkit::on_every_database;

use crate::world::*;

async fn open(database: &TestDatabase) -> Result<SeaStore, OpenError> {
    match database.address() {
        Address::Path(path) => SeaStore::open_sqlite(path).await,
        Address::Url(url) => SeaStore::connect_postgres(url, &PostgresOptions::default()).await,
    }
}

on_every_database! {
    async fn a_store_opens_again_with_what_it_had(database: TestDatabase) {
        let store = database.open().await;
        let organization = tenant(&store, "Acme").await.organization;
        store.close().await;
        drop(store);

        let store = database.open().await;
        assert_eq!(read(&store).await.organizations().find(organization.id).await.unwrap(), Some(organization));
    }

    async fn tables_of_a_newer_version_are_refused(database: TestDatabase) {
        let store = database.open().await;
        store.close().await;
        drop(store);
        database.tamper("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)");

        let refused = open(&database).await.err().expect("it does not open");
        assert!(matches!(&refused, OpenError::SchemaTooNew { migration } if migration == "m9999_later"), "{refused:?}");
        assert!(refused.to_string().contains("newer version"), "{refused}");
    }

    async fn a_store_that_is_closed_is_unavailable(database: TestDatabase) {
        let store = database.open().await;
        store.close().await;

        for refused in [attempt_to_begin(&store, true).await, attempt_to_begin(&store, false).await] {
            assert!(refused.starts_with("Unavailable"), "{refused}");
        }
    }

    async fn a_value_that_nobody_wrote_is_named(database: TestDatabase) {
        let store = database.open().await;
        let tenant = tenant(&store, "Acme").await;
        database.tamper("UPDATE units SET name = ''");

        let found = read(&store).await.units().find(tenant.id(), tenant.root.id).await;
        let error = found.expect_err("an empty name is no name").to_string();
        assert_eq!(error, format!("column name of units {} is corrupt", tenant.root.id));
    }
}

async fn attempt_to_begin(store: &SeaStore, is_write: bool) -> String {
    use varco_application::storage::Store as _;
    let begun = if is_write { store.begin().await } else { store.begin_read().await };
    begun.err().map_or_else(|| "begun".to_owned(), |error| format!("{error:?}"))
}

/// As two replicas do that start at once.
#[tokio::test(flavor = "multi_thread")]
async fn two_who_migrate_at_once_both_open() {
    use varco_testkit::databases::{Backend, postgres};
    if !Backend::Postgres.is_wanted() {
        return;
    }
    let database = postgres().await;
    database.tamper("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    let (one, two) = tokio::join!(open(&database), open(&database));
    let (one, two) = (one.expect("one opens"), two.expect("the other opens"));

    let organization = tenant(&one, "Acme").await.organization;
    assert_eq!(read(&two).await.organizations().find(organization.id).await.unwrap(), Some(organization));
}

#[tokio::test]
async fn a_file_belongs_to_one_store() {
    let database = sqlite();
    let store = database.open().await;
    let refused = open(&database).await.err().expect("it does not open twice");
    assert!(matches!(refused, OpenError::InUse { .. }), "{refused:?}");

    store.close().await;
    drop(store);
    open(&database).await.expect("it opens once it is free");
}

#[tokio::test]
async fn a_file_is_its_owners_alone_and_durable() {
    use std::os::unix::fs::PermissionsExt as _;
    let database = sqlite();
    let store = database.open().await;
    tenant(&store, "Acme").await;

    let folder = database.path().unwrap().parent().unwrap();
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(Result::unwrap).collect();
    assert!(files.iter().any(|file| file.file_name() == "varco.db-wal"), "write-ahead logging is on");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_not_shown() {
    let refused = SeaStore::connect_postgres("postgres://u:secret@[", &PostgresOptions::default()).await;
    let error = format!("{:?}", refused.err().expect("it does not connect"));
    assert!(!error.contains("secret"), "{error}");
}
