//! Deleting what is kept no longer.

use sea_orm::DbBackend;
use varco_application::storage::StorageError;
use varco_domain::Timestamp;

use crate::sql::{Sql, count, sql};
use crate::work::SeaUnitOfWork;

/// Rows that are deleted by their age.
pub(crate) struct Aged {
    /// Where they are.
    pub(crate) table: &'static str,
    /// The columns of their key.
    pub(crate) key: &'static str,
    /// The column of the instant by which they are deleted.
    pub(crate) age: &'static str,
}

impl Aged {
    /// Deletes so many at most.
    ///
    /// Invariant: it waits for no lock while it holds others. Whatever takes several rows in an order of
    /// its own, as a sign-in does with its tries, can then wait for it and never in a circle.
    pub(crate) fn forget(&self, backend: DbBackend, until: Timestamp, limit: usize) -> Sql {
        let Self { table, key, age } = self;
        let mut forget =
            sql(&format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {age} <= "));
        forget.bind(until.as_micros());
        push_some_free(&mut forget, backend, limit);
        forget.push(")");
        forget
    }
}

/// Ends a `SELECT` with so many rows at most that nobody else holds, and holds those.
pub(crate) fn push_some_free(select: &mut Sql, backend: DbBackend, limit: usize) {
    select.push(" LIMIT ").bind(count(limit));
    // SQLite has one writer, and nothing to pass by.
    if backend == DbBackend::Postgres {
        select.push(" FOR UPDATE SKIP LOCKED");
    }
}

impl SeaUnitOfWork {
    /// Deletes so many rows at most that are older than an instant, and says how many.
    pub(crate) async fn forget(&self, aged: &Aged, until: Timestamp, limit: usize) -> Result<usize, StorageError> {
        let forgotten = self.execute(aged.forget(self.backend(), until, limit)).await?;
        Ok(usize::try_from(forgotten).unwrap_or(usize::MAX))
    }
}
