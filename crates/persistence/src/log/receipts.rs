use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::storage::{Receipt, StorageError};
use varco_domain::{SubjectId, Timestamp};

use crate::place::Place;
use crate::sql::{Sql, sql};
use crate::work::SeaUnitOfWork;

#[derive(FromQueryResult)]
struct ReceiptRow {
    request_id: Uuid,
    digest: Vec<u8>,
    answer: Vec<u8>,
    created_at: i64,
}

impl ReceiptRow {
    fn read(self, caller: SubjectId) -> Result<Receipt, StorageError> {
        Ok(Receipt {
            caller,
            request_id: self.request_id,
            digest: Place::new("receipts", self.request_id).parsed("digest", self.digest.try_into())?,
            answer: self.answer,
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}

impl SeaUnitOfWork {
    pub(super) async fn find_call_receipt(
        &self,
        caller: SubjectId,
        request_id: Uuid,
        not_before: Timestamp,
    ) -> Result<Option<Receipt>, StorageError> {
        let find = sql("SELECT request_id, digest, answer, created_at FROM receipts \
             WHERE caller_id = $1 AND request_id = $2 AND created_at >= $3")
        .with(caller.as_uuid())
        .with(request_id)
        .with(not_before.as_micros());
        self.row::<ReceiptRow>(find).await?.map(|row| row.read(caller)).transpose()
    }

    pub(super) async fn insert_call_receipt(
        &self,
        receipt: &Receipt,
        not_before: Timestamp,
    ) -> Result<(), StorageError> {
        let forget = sql("DELETE FROM receipts WHERE caller_id = $1 AND created_at < $2");
        self.execute(forget.with(receipt.caller.as_uuid()).with(not_before.as_micros())).await?;
        let insert = sql("INSERT INTO receipts (caller_id, request_id, digest, answer, created_at) \
             VALUES ($1, $2, $3, $4, $5)")
        .with(receipt.caller.as_uuid())
        .with(receipt.request_id)
        .with(receipt.digest.to_vec())
        .with(receipt.answer.clone())
        .with(receipt.created_at.as_micros());
        self.execute(insert).await.map(drop)
    }
}

pub(super) fn forget(not_before: Timestamp) -> Sql {
    sql("DELETE FROM receipts WHERE created_at < $1").with(not_before.as_micros())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::assert_indexed;

    #[tokio::test]
    async fn old_receipts_are_found_along_an_index() {
        assert_indexed(forget(Timestamp::EPOCH)).await;
    }
}
