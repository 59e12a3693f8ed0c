use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sea_orm::SqlxSqliteConnector;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::sqlx::{self, Connection, SqliteConnection, SqlitePool};
use tokio::sync::Semaphore;

use super::{Kind, MAX_WRITER_WAIT, OpenError, SeaStore};
use crate::migrations;

/// Snapshots that may be open at a time.
const MAX_READERS: u32 = 8;
/// How long a reader waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);
/// Nobody but the owner reads the store: it holds personal data and digests of secrets.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

impl SeaStore {
    /// Opens a store in a file, which is made if it is not there, and brings its tables up to date.
    pub async fn open_sqlite(path: &Path) -> Result<Self, OpenError> {
        let lock = lock(path)?;
        create_durably(path).map_err(|source| OpenError::File { path: path.to_owned(), source })?;
        let writers = SqlxSqliteConnector::from_sqlx_sqlite_pool(writer_pool(path).await?);
        migrations::migrate(&writers).await?;
        let readers = SqlxSqliteConnector::from_sqlx_sqlite_pool(reader_pool(path));
        let kind = Kind::Sqlite { write_permit: Arc::new(Semaphore::new(1)), _lock: lock };
        Ok(Self { writers, readers, kind })
    }
}

/// Takes the store for this process, through a file beside it: locks on the database itself are
/// SQLite's.
fn lock(path: &Path) -> Result<File, OpenError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let lock_path = PathBuf::from(name);
    let open = || {
        create_folder(path)?;
        OpenOptions::new().create(true).write(true).truncate(false).mode(FILE_MODE).open(&lock_path)
    };
    let file = open().map_err(|source| OpenError::File { path: lock_path.clone(), source })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(OpenError::File { path: lock_path, source }),
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn create_folder(path: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder_of(path))
}

/// Makes the file for its owner alone; SQLite gives its side files the same mode. The folder is
/// synchronized, so that the file's name survives a power cut.
fn create_durably(path: &Path) -> std::io::Result<()> {
    let file = OpenOptions::new().create(true).write(true).truncate(false).mode(FILE_MODE).open(path)?;
    file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    File::open(folder_of(path))?.sync_all()
}

fn connect_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(MAX_WRITER_WAIT)
        .row_buffer_size(1000)
}

/// One connection, which never expires: it is the writer.
async fn writer_pool(path: &Path) -> Result<SqlitePool, OpenError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .acquire_timeout(MAX_WRITER_WAIT)
        .test_before_acquire(false)
        .after_release(|connection, _| Box::pin(is_clean(connection)));
    Ok(pool.connect_with(connect_options(path)).await?)
}

fn reader_pool(path: &Path) -> SqlitePool {
    let options = connect_options(path).pragma("query_only", "ON");
    let pool = SqlitePoolOptions::new()
        .max_connections(MAX_READERS)
        .max_lifetime(None)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .after_release(|connection, _| Box::pin(is_clean(connection)));
    pool.connect_lazy_with(options)
}

/// Whether a connection that comes back may be used again.
///
/// On a full disk SQLite rolls back by itself. The driver, whose own rollback then fails, goes on
/// counting that transaction as open and would begin the next one inside of it, where a commit
/// commits nothing. Such a connection is closed.
async fn is_clean(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // Behind the rollback that the end of a unit of work may have left under way.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}
