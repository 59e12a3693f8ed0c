use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::{Connection, PgConnection, PgPool};
use sea_orm::{ConnectionTrait, SqlxPostgresConnector};

use super::listener::CommitListener;
use super::{Kind, OpenError, SeaStore};
use crate::migrations;

/// How a PostgreSQL database is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostgresOptions {
    /// Connections at a time, one for listening not counted. 20 by default.
    pub max_connections: u32,
    /// How long a unit of work waits for a connection. 1 second by default.
    pub acquire_timeout: Duration,
    /// How long one statement may take. 3 seconds by default.
    pub statement_timeout: Duration,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self { max_connections: 20, acquire_timeout: Duration::from_secs(1), statement_timeout: Duration::from_secs(3) }
    }
}

/// Connections are renewed, so that replicas spread anew after a server comes back.
const MAX_LIFETIME: Duration = Duration::from_mins(30);
/// A connection idle for longer is asked whether it still works before it is used.
const MAX_TRUSTED_IDLE: Duration = Duration::from_secs(1);
/// How long that answer may take.
const PING_TIMEOUT: Duration = Duration::from_secs(1);
/// Names the lock under which one replica migrates at a time: `varco` in ASCII.
const MIGRATION_LOCK: i64 = 0x76_6172_636f;

impl SeaStore {
    /// Connects to a database and brings its tables up to date. TLS is what the address says
    /// (`sslmode=verify-full`).
    pub async fn connect_postgres(url: &str, options: &PostgresOptions) -> Result<Self, OpenError> {
        let address: PgConnectOptions = url.parse().map_err(|_| OpenError::Address)?;
        let address = address.application_name("varco");
        migrate_alone(&address).await?;
        let pool = pool(&address, options);
        let writers = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        let kind = Kind::Postgres { listener: CommitListener::new(listener_pool(address)) };
        Ok(Self { readers: writers.clone(), writers, kind })
    }
}

/// Migrates on a connection of its own, without time limits, while other replicas wait for the lock;
/// closing the connection gives the lock back.
async fn migrate_alone(address: &PgConnectOptions) -> Result<(), OpenError> {
    let pool = PgPoolOptions::new().max_connections(1).connect_with(address.clone()).await?;
    let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    connection.execute_unprepared(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).await?;
    let result = migrations::migrate(&connection).await;
    connection.close().await?;
    result
}

fn pool(address: &PgConnectOptions, options: &PostgresOptions) -> PgPool {
    let address = address.clone().options([
        ("statement_timeout", options.statement_timeout.as_millis().to_string()),
        ("default_transaction_isolation", "read committed".to_owned()),
        // Every statement has its index; plans made before there are statistics must know that too,
        // not least those of foreign keys, which a connection keeps.
        ("enable_seqscan", "off".to_owned()),
        // The cost that this puts on the scans that are meant, of whole tables at start, would make
        // the server compile them for a second before it reads the first row.
        ("jit", "off".to_owned()),
    ]);
    PgPoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout)
        .max_lifetime(MAX_LIFETIME)
        .test_before_acquire(false)
        .before_acquire(|connection, usage| Box::pin(still_works(connection, usage.idle_for)))
        .connect_lazy_with(address)
}

async fn still_works(connection: &mut PgConnection, idle_for: Duration) -> Result<bool, sea_orm::SqlxError> {
    if idle_for <= MAX_TRUSTED_IDLE {
        return Ok(true);
    }
    let ping = tokio::time::timeout(PING_TIMEOUT, connection.ping()).await;
    Ok(matches!(ping, Ok(Ok(()))))
}

/// Listening holds its connection for ever, so it has one of its own.
fn listener_pool(address: PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PING_TIMEOUT)
        .max_lifetime(None)
        .idle_timeout(None)
        .connect_lazy_with(address)
}
