use sea_orm::FromQueryResult;
use varco_application::storage::StorageError;

use crate::sql::Sql;
use crate::work::SeaUnitOfWork;

/// What a `COUNT(*) AS total` gives.
#[derive(FromQueryResult)]
pub(crate) struct TotalRow {
    total: i64,
}

impl TotalRow {
    /// Counts.
    pub(crate) async fn of(work: &SeaUnitOfWork, sql: Sql) -> Result<u64, StorageError> {
        let row = work.row::<Self>(sql).await?;
        Ok(row.and_then(|row| u64::try_from(row.total).ok()).unwrap_or(0))
    }
}
