use varco_application::SealedKey;
use varco_application::storage::{SigningKey, StorageError, UniqueKey};
use varco_domain::Timestamp;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

fn key(id: &str, generation: u32) -> SigningKey {
    let key = SealedKey { id: id.to_owned(), public: vec![0, 1, 255], sealed_private: vec![7; 72] };
    SigningKey { key, generation, created_at: Timestamp::from_micros(1_234_567 + i64::from(generation)) }
}

on_every_database! {
    async fn signing_keys_read_back_in_the_order_of_their_making(database: TestDatabase) {
        let store = database.open().await;
        for key in [key("b", 2), key("a", 10), key("c", 1)] {
            commit!(store, |work| work.signing_keys().insert(&key));
        }
        let listed = read(&store).await.signing_keys().list().await.unwrap();
        assert_eq!(listed, [key("c", 1), key("b", 2), key("a", 10)]);
    }

    async fn of_two_keys_with_one_place_the_second_is_refused(database: TestDatabase) {
        let store = database.open().await;
        commit!(store, |work| work.signing_keys().insert(&key("a", 1)));

        let mut work = begin(&store).await;
        let refused = work.signing_keys().insert(&key("b", 1)).await;
        assert!(matches!(refused, Err(StorageError::Duplicate(UniqueKey::SigningKeyGeneration))), "{refused:?}");
    }

    async fn a_signing_key_is_deleted_once(database: TestDatabase) {
        let store = database.open().await;
        commit!(store, |work| work.signing_keys().insert(&key("a", 1)));
        commit!(store, |work| work.signing_keys().insert(&key("b", 2)));

        let mut work = begin(&store).await;
        assert!(work.signing_keys().delete("a").await.unwrap());
        assert!(!work.signing_keys().delete("a").await.unwrap());
        assert_eq!(work.signing_keys().list().await.unwrap(), [key("b", 2)]);
    }
}
