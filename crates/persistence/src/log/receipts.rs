use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::storage::{Receipt, StorageError};
use varco_domain::{ServiceAccountId, Timestamp};

use crate::place::Place;
use crate::sql::sql;
use crate::work::SeaUnitOfWork;

#[derive(FromQueryResult)]
struct ReceiptRow {
    caller_id: Uuid,
    request_id: Uuid,
    digest: Vec<u8>,
    answer: Vec<u8>,
    created_at: i64,
}

impl TryFrom<ReceiptRow> for Receipt {
    type Error = StorageError;

    fn try_from(row: ReceiptRow) -> Result<Self, StorageError> {
        Ok(Self {
            caller: ServiceAccountId::from_uuid(row.caller_id),
            request_id: row.request_id,
            digest: Place::new("receipts", row.request_id).parsed("digest", row.digest.try_into())?,
            answer: row.answer,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

impl SeaUnitOfWork {
    pub(super) async fn find_call_receipt(
        &self,
        caller: ServiceAccountId,
        request_id: Uuid,
        not_before: Timestamp,
    ) -> Result<Option<Receipt>, StorageError> {
        let find = sql("SELECT caller_id, request_id, digest, answer, created_at FROM receipts \
             WHERE caller_id = $1 AND request_id = $2 AND created_at >= $3")
        .with(caller.as_uuid())
        .with(request_id)
        .with(not_before.as_micros());
        self.row::<ReceiptRow>(find).await?.map(Receipt::try_from).transpose()
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
