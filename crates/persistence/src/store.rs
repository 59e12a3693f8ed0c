//! Opening, beginning and closing: the only place that knows connections.

mod error;
mod listener;
mod postgres;
mod sqlite;

pub use error::OpenError;
pub use postgres::PostgresOptions;

use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{
    AccessMode, DatabaseConnection, IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use varco_application::storage::{StorageError, Store, UnitOfWork};

use crate::classify::classify;
use crate::work::SeaUnitOfWork;
use listener::CommitListener;

/// How long a write waits for the writers before it; the same as SQLite's own busy timeout.
const MAX_WRITER_WAIT: Duration = Duration::from_secs(5);

/// A store in a SQLite file or a PostgreSQL database.
pub struct SeaStore {
    writers: DatabaseConnection,
    readers: DatabaseConnection,
    kind: Kind,
}

enum Kind {
    Sqlite {
        /// Invariant: one permit. SQLite has one writer at a time; waiting here is fair and costs
        /// nothing, waiting in SQLite is polling.
        write_permit: Arc<Semaphore>,
        /// Invariant: locked as long as the store is open.
        _lock: File,
    },
    Postgres {
        listener: CommitListener,
    },
}

impl SeaStore {
    /// Closes every connection. Units of work that are open hold it up.
    pub async fn close(&self) {
        if let Kind::Postgres { listener } = &self.kind {
            listener.close().await;
        }
        for pool in [&self.readers, &self.writers] {
            if let Err(error) = pool.close_by_ref().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "could not close the store in order");
            }
        }
    }

    async fn write_permit(&self) -> Result<Option<OwnedSemaphorePermit>, StorageError> {
        let Kind::Sqlite { write_permit, .. } = &self.kind else { return Ok(None) };
        let permit = tokio::time::timeout(MAX_WRITER_WAIT, Arc::clone(write_permit).acquire_owned()).await;
        let permit = permit.map_err(|_| StorageError::Contention)?;
        permit.map(Some).map_err(|closed| StorageError::Unavailable(closed.into()))
    }
}

#[async_trait]
impl Store for SeaStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let permit = self.write_permit().await?;
        // On PostgreSQL every connection defaults to READ COMMITTED; saying it again costs a round trip.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let txn = self.writers.begin_with_options(options).await.map_err(classify)?;
        Ok(Box::new(SeaUnitOfWork::new(txn, permit)))
    }

    async fn begin_read(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let is_postgres = matches!(self.kind, Kind::Postgres { .. });
        let options = TransactionOptions {
            isolation_level: is_postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: is_postgres.then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
        };
        let txn = self.readers.begin_with_options(options).await.map_err(classify)?;
        Ok(Box::new(SeaUnitOfWork::new(txn, None)))
    }

    async fn wait_for_commits(&self) {
        match &self.kind {
            Kind::Sqlite { .. } => std::future::pending().await,
            Kind::Postgres { listener } => listener.wait().await,
        }
    }
}
