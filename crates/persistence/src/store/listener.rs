use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::sqlx::PgPool;
use sea_orm::sqlx::postgres::PgListener;
use tokio::sync::Mutex;

use crate::log::COMMIT_CHANNEL;

/// How long to wait before asking a database that does not answer again.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Hears of the commits of every process that uses the database.
pub(super) struct CommitListener {
    pool: PgPool,
    connection: Mutex<Option<PgListener>>,
    /// How often something was heard, so that of several who wait each learns of it.
    heard: AtomicU64,
}

impl CommitListener {
    pub(super) fn new(pool: PgPool) -> Self {
        Self { pool, connection: Mutex::new(None), heard: AtomicU64::new(0) }
    }

    /// Waits for the next commit. A connection that is new, or was lost, counts as one: whatever was
    /// committed meanwhile was not heard.
    pub(super) async fn wait(&self) {
        let heard = self.heard.load(Ordering::Acquire);
        let mut connection = self.connection.lock().await;
        if self.heard.load(Ordering::Acquire) != heard {
            return;
        }
        let result = self.hear(&mut connection).await;
        self.heard.fetch_add(1, Ordering::Release);
        if let Err(error) = result {
            *connection = None;
            drop(connection);
            tracing::warn!(error = &error as &dyn std::error::Error, "lost the commit notifications");
            tokio::time::sleep(RETRY_DELAY).await;
        }
    }

    async fn hear(&self, connection: &mut Option<PgListener>) -> Result<(), sea_orm::SqlxError> {
        if let Some(listener) = connection {
            if listener.try_recv().await?.is_none() {
                tracing::warn!("connected anew to the commit notifications");
            }
            return Ok(());
        }
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.listen(COMMIT_CHANNEL).await?;
        *connection = Some(listener);
        Ok(())
    }

    /// Closes the connection; whoever waits is woken.
    pub(super) async fn close(&self) {
        let closed = self.pool.close();
        *self.connection.lock().await = None;
        closed.await;
    }
}
