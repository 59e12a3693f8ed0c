use sea_orm::{FromQueryResult, Value};
use varco_application::decision::Fact;
use varco_application::storage::StorageError;

use super::Sink;
use crate::sql::{count, sql};
use crate::work::SeaUnitOfWork;

/// Rows in one page.
pub(super) const PAGE: usize = 10_000;

/// A row that tells one fact, and is read in the order of its key.
pub(super) trait FactRow: FromQueryResult + Send {
    /// Reads rows; goes on with a condition on `KEY`.
    const SELECT: &'static str;
    /// The columns of the key, which an index holds in this order.
    const KEY: &'static [&'static str];

    /// The key before the first.
    fn first_key() -> Vec<Value>;

    /// The key of this row.
    fn key(&self) -> Vec<Value>;

    /// The fact.
    fn into_fact(self) -> Result<Fact, StorageError>;
}

impl SeaUnitOfWork {
    /// Gives the fact of every row, page by page.
    pub(super) async fn pages<R: FactRow>(&self, sink: Sink<'_>) -> Result<(), StorageError> {
        let mut after = R::first_key();
        loop {
            let rows = self.page_after::<R>(after).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.key();
            let is_last = rows.len() < PAGE;
            for row in rows {
                sink(row.into_fact()?);
            }
            if is_last {
                return Ok(());
            }
        }
    }

    async fn page_after<R: FactRow>(&self, after: Vec<Value>) -> Result<Vec<R>, StorageError> {
        let columns = R::KEY.join(", ");
        let mut page = sql(R::SELECT);
        page.push(&format!(" WHERE ({columns}) > ("));
        for (place, value) in after.into_iter().enumerate() {
            page.push(if place == 0 { "" } else { ", " }).bind(value);
        }
        page.push(&format!(") ORDER BY {columns} LIMIT ")).bind(count(PAGE));
        self.rows(page).await
    }
}
