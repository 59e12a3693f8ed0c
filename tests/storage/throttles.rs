//! A try that is refused costs storage as much as one that is counted.

use varco_application::storage::{Store, ThrottleKey};
use varco_testkit::databases::{Address, TestDatabase};
use varco_testkit::on_every_database;

use crate::world::*;

/// Counts the changes of rows from now on.
fn watch(database: &TestDatabase) {
    database.tamper("CREATE TABLE counted (n BIGINT NOT NULL)");
    database.tamper("INSERT INTO counted VALUES (0)");
    match database.address() {
        Address::Path(_) => database.tamper(
            "CREATE TRIGGER count_changes AFTER UPDATE ON sign_in_throttles \
             BEGIN UPDATE counted SET n = n + 1; END",
        ),
        Address::Url(_) => {
            database.tamper(
                "CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS \
                 'BEGIN UPDATE counted SET n = n + 1; RETURN NULL; END'",
            );
            database.tamper(
                "CREATE TRIGGER count_changes AFTER UPDATE ON sign_in_throttles \
                 FOR EACH ROW EXECUTE FUNCTION count_change()",
            );
        }
    }
}

/// Fails unless so many changes were counted since this was asked last.
fn expect_changes(database: &TestDatabase, count: u32) {
    database.tamper(&format!("CREATE TABLE expected (n BIGINT CHECK (n = {count}))"));
    database.tamper("INSERT INTO expected SELECT n FROM counted");
    database.tamper("DROP TABLE expected");
    database.tamper("UPDATE counted SET n = 0");
}

async fn is_counted(store: &dyn Store, key: &ThrottleKey) -> bool {
    let mut work = store.begin().await.unwrap();
    let counted = work.sign_ins().count_try(key, instant()).await.unwrap();
    work.commit().await.unwrap();
    counted.is_ok()
}

on_every_database! {
    async fn a_refused_try_is_written_like_a_counted_one(database: TestDatabase) {
        let store = database.open().await;
        let key = ThrottleKey::Account(id());
        for _ in 0..4 {
            assert!(is_counted(store.as_ref(), &key).await);
        }
        watch(&database);
        assert!(is_counted(store.as_ref(), &key).await);
        expect_changes(&database, 2);
        assert!(!is_counted(store.as_ref(), &key).await);
        expect_changes(&database, 2);
    }
}
