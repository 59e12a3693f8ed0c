use uuid::Uuid;
use varco_application::storage::{Receipt, StorageError, UniqueKey};
use varco_domain::*;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

fn somebody() -> SubjectId {
    SubjectId::ServiceAccount(id())
}

fn receipt(caller: SubjectId, request: u8, created_at: Timestamp) -> Receipt {
    let request_id = Uuid::from_u128(request.into());
    Receipt { caller, request_id, digest: [request; 32], answer: vec![0, 1, 255, 0], created_at }
}

on_every_database! {
    async fn a_receipt_answers_its_caller_while_it_is_not_too_old(database: TestDatabase) {
        let store = database.open().await;
        let kept = receipt(somebody(), 1, instant());
        commit!(store, |work| work.log().insert_receipt(&kept, Timestamp::EPOCH));
        let mut work = read(&store).await;

        let log = work.log();
        let (caller, request, then) = (kept.caller, kept.request_id, kept.created_at);
        assert_eq!(log.find_receipt(caller, request, then).await.unwrap(), Some(kept.clone()));
        let after = Timestamp::from_micros(then.as_micros() + 1);
        assert_eq!(log.find_receipt(caller, request, after).await.unwrap(), None);
        assert_eq!(log.find_receipt(somebody(), request, then).await.unwrap(), None);
        assert_eq!(log.find_receipt(caller, Uuid::from_u128(2), then).await.unwrap(), None);
    }

    async fn a_request_has_one_answer(database: TestDatabase) {
        let store = database.open().await;
        let kept = receipt(somebody(), 1, instant());
        commit!(store, |work| work.log().insert_receipt(&kept, Timestamp::EPOCH),
            work.log().insert_receipt(&receipt(somebody(), 1, instant()), Timestamp::EPOCH));

        let mut work = begin(&store).await;
        let refused = work.log().insert_receipt(&kept, kept.created_at).await;
        assert!(matches!(refused, Err(StorageError::Duplicate(UniqueKey::Receipt))), "{refused:?}");
    }

    async fn receipts_too_old_give_way_for_their_caller_alone(database: TestDatabase) {
        let store = database.open().await;
        let (caller, other) = (somebody(), somebody());
        let at = |micros| Timestamp::from_micros(micros);
        let (old, older, others) = (receipt(caller, 1, at(20)), receipt(caller, 2, at(10)), receipt(other, 1, at(10)));
        let anew = Receipt { answer: Vec::new(), ..receipt(caller, 1, at(100)) };
        commit!(store, |work| work.log().insert_receipt(&older, at(0)), work.log().insert_receipt(&old, at(0)),
            work.log().insert_receipt(&others, at(0)), work.log().insert_receipt(&anew, at(50)));
        let mut work = read(&store).await;

        let log = work.log();
        assert_eq!(log.find_receipt(caller, anew.request_id, at(0)).await.unwrap(), Some(anew));
        assert_eq!(log.find_receipt(caller, older.request_id, at(0)).await.unwrap(), None);
        assert_eq!(log.find_receipt(other, others.request_id, at(0)).await.unwrap(), Some(others));
    }

    async fn receipts_are_forgotten_from_an_instant_on(database: TestDatabase) {
        let store = database.open().await;
        let at = |micros| Timestamp::from_micros(micros);
        let (old, young) = (receipt(somebody(), 1, at(19)), receipt(somebody(), 1, at(20)));
        commit!(store, |work| work.log().insert_receipt(&old, at(0)), work.log().insert_receipt(&young, at(0)),
            work.log().forget_receipts(at(20)));
        let mut work = read(&store).await;

        assert_eq!(work.log().find_receipt(old.caller, old.request_id, at(0)).await.unwrap(), None);
        assert_eq!(work.log().find_receipt(young.caller, young.request_id, at(0)).await.unwrap(), Some(young));
    }
}
