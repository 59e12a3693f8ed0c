use std::error::Error;
use std::path::PathBuf;

/// Why a store does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address of the database is not one. It may hold a password, so it is not shown.
    #[error("the address of the database is not of the form `postgres://user@host/database`")]
    Address,
    /// The file or its folder cannot be used.
    #[error("could not use the file {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process has it open.
    #[error("another process has the store {path} open; a SQLite store belongs to one process")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A later version of the program has changed the tables.
    #[error("the database was migrated by a newer version (it has `{migration}`); use that version or a later one")]
    SchemaTooNew {
        /// The first migration that this version does not know.
        migration: String,
    },
    /// The database does not answer, or refuses.
    #[error("could not open the database")]
    Database(#[source] Box<dyn Error + Send + Sync>),
}

impl From<sea_orm::DbErr> for OpenError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Database(Box::new(error))
    }
}

impl From<sea_orm::SqlxError> for OpenError {
    fn from(error: sea_orm::SqlxError) -> Self {
        Self::Database(Box::new(error))
    }
}
