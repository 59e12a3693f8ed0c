use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Value};
use tokio::sync::OwnedSemaphorePermit;
use varco_application::storage::{
    AssignmentRepository, CatalogRepository, CredentialRepository, LogRepository, MailRepository,
    OrganizationRepository, RoleRepository, ServiceAccountRepository, SessionRepository, SignInRepository,
    SigningKeyRepository, SsoRepository, StorageError, UnitOfWork, UnitRepository, UserRepository,
};

use crate::batch::Batch;
use crate::classify::classify;
use crate::sql::Sql;

/// One open transaction, which is every repository.
pub(crate) struct SeaUnitOfWork {
    // Dropped in this order: the transaction is rolled back before the next writer may begin.
    txn: DatabaseTransaction,
    _permit: Option<OwnedSemaphorePermit>,
}

impl SeaUnitOfWork {
    pub(crate) fn new(txn: DatabaseTransaction, permit: Option<OwnedSemaphorePermit>) -> Self {
        Self { txn, _permit: permit }
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.txn.get_database_backend()
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) async fn execute(&self, sql: Sql) -> Result<u64, StorageError> {
        let statement = sql.into_statement(self.backend());
        Ok(self.txn.execute_raw(statement).await.map_err(classify)?.rows_affected())
    }

    /// Runs a statement that changes one row if the row is as it was read.
    pub(crate) async fn execute_if_current(&self, sql: Sql) -> Result<(), StorageError> {
        if self.execute(sql).await? == 0 {
            return Err(StorageError::Stale);
        }
        Ok(())
    }

    /// Runs a statement for every row of a batch, however many; `fixed` values come first.
    pub(crate) async fn execute_batch(&self, fixed: &[Value], batch: Batch, text: &str) -> Result<(), StorageError> {
        for statement in batch.statements(self.backend(), fixed, text) {
            self.txn.execute_raw(statement).await.map_err(classify)?;
        }
        Ok(())
    }

    /// Reads rows.
    pub(crate) async fn rows<R: FromQueryResult>(&self, sql: Sql) -> Result<Vec<R>, StorageError> {
        let results = self.txn.query_all_raw(sql.into_statement(self.backend())).await.map_err(classify)?;
        results.iter().map(|result| R::from_query_result(result, "").map_err(classify)).collect()
    }

    /// Reads the rows that a batch asks for, in the order of each chunk.
    pub(crate) async fn batch_rows<R: FromQueryResult>(
        &self,
        fixed: &[Value],
        batch: Batch,
        text: &str,
    ) -> Result<Vec<R>, StorageError> {
        let mut rows = Vec::new();
        for statement in batch.statements(self.backend(), fixed, text) {
            let results = self.txn.query_all_raw(statement).await.map_err(classify)?;
            for result in &results {
                rows.push(R::from_query_result(result, "").map_err(classify)?);
            }
        }
        Ok(rows)
    }

    /// Reads a row, if there is one.
    pub(crate) async fn row<R: FromQueryResult>(&self, sql: Sql) -> Result<Option<R>, StorageError> {
        let result = self.txn.query_one_raw(sql.into_statement(self.backend())).await.map_err(classify)?;
        result.map(|result| R::from_query_result(&result, "").map_err(classify)).transpose()
    }

    /// Says whether there is any row.
    pub(crate) async fn has_rows(&self, sql: Sql) -> Result<bool, StorageError> {
        let result = self.txn.query_one_raw(sql.into_statement(self.backend())).await.map_err(classify)?;
        Ok(result.is_some())
    }

    /// Lifts the time limit of statements for the rest of the unit of work: what it does grows with
    /// the data.
    pub(crate) async fn take_time(&self) -> Result<(), StorageError> {
        if self.backend() == DbBackend::Postgres {
            self.execute(crate::sql::sql("SET LOCAL statement_timeout = 0")).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl UnitOfWork for SeaUnitOfWork {
    fn organizations(&mut self) -> &mut dyn OrganizationRepository {
        self
    }

    fn users(&mut self) -> &mut dyn UserRepository {
        self
    }

    fn credentials(&mut self) -> &mut dyn CredentialRepository {
        self
    }

    fn sessions(&mut self) -> &mut dyn SessionRepository {
        self
    }

    fn sign_ins(&mut self) -> &mut dyn SignInRepository {
        self
    }

    fn units(&mut self) -> &mut dyn UnitRepository {
        self
    }

    fn roles(&mut self) -> &mut dyn RoleRepository {
        self
    }

    fn assignments(&mut self) -> &mut dyn AssignmentRepository {
        self
    }

    fn catalogs(&mut self) -> &mut dyn CatalogRepository {
        self
    }

    fn service_accounts(&mut self) -> &mut dyn ServiceAccountRepository {
        self
    }

    fn signing_keys(&mut self) -> &mut dyn SigningKeyRepository {
        self
    }

    fn sso(&mut self) -> &mut dyn SsoRepository {
        self
    }

    fn log(&mut self) -> &mut dyn LogRepository {
        self
    }

    fn mails(&mut self) -> &mut dyn MailRepository {
        self
    }

    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        self.txn.commit().await.map_err(classify)
    }
}
