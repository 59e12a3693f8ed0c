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
/// How long the server may take to answer at the start.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Names the lock under which one replica migrates at a time: `varco` in ASCII.
const MIGRATION_LOCK: i64 = 0x76_6172_636f;

impl SeaStore {
    /// Connects to a database and brings its tables up to date. TLS is what the address says
    /// (`sslmode=verify-full`).
    pub async fn connect_postgres(url: &str, options: &PostgresOptions) -> Result<Self, OpenError> {
        let address: PgConnectOptions = url.parse().map_err(|_| OpenError::Address)?;
        let address = address.application_name("varco");
        require_server(&address).await?;
        migrate_alone(&address).await?;
        let pool = pool(&address, options);
        let writers = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        let kind = Kind::Postgres { listener: CommitListener::new(listener_pool(address)) };
        Ok(Self { readers: writers.clone(), writers, kind })
    }
}

/// Connects once, to say at once and in the server's words what is wrong. A pool would try again until its
/// time is over, and then only know that it is.
async fn require_server(address: &PgConnectOptions) -> Result<(), OpenError> {
    let problem = match tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(address)).await {
        Ok(Ok(connection)) => return Ok(connection.close().await?),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {} seconds", CONNECT_TIMEOUT.as_secs()),
    };
    let remedy = "see that PostgreSQL runs there, and that the address has the right user, password and database";
    Err(OpenError::Database(format!("{problem}; {remedy}").into()))
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

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// Why a start fails, in one line.
    async fn refusal(port: u16) -> String {
        let url = format!("postgres://varco:secret@127.0.0.1:{port}/varco");
        let error = SeaStore::connect_postgres(&url, &PostgresOptions::default()).await.err().unwrap();
        format!("{error}: {}", std::error::Error::source(&error).unwrap())
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_said_to_be_so() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let refusal = refusal(port).await;
        assert!(refusal.contains("Connection refused") && refusal.contains("see that PostgreSQL runs"), "{refusal}");
        assert!(!refusal.contains("secret"), "{refusal}");
    }

    /// With the clock paused, time passes by itself as soon as there is nothing to do.
    #[tokio::test(start_paused = true)]
    async fn a_server_that_says_nothing_is_waited_for_a_few_seconds() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let started = tokio::time::Instant::now();
        let refusal = refusal(listener.local_addr().unwrap().port()).await;
        assert!(refusal.contains("no answer within 5 seconds"), "{refusal}");
        assert_eq!(started.elapsed(), CONNECT_TIMEOUT);
    }
}
