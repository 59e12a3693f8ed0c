//! What a database error means: the only place that looks inside a `DbErr`.

use sea_orm::sqlx::error::{DatabaseError, ErrorKind};
use sea_orm::{DbErr, RuntimeErr, SqlxError};
use varco_application::storage::StorageError;

use crate::constraint::unique_key;

/// Says what a database error means.
pub(crate) fn classify(error: DbErr) -> StorageError {
    match &error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => StorageError::Unavailable(error.into()),
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            match meaning(cause) {
                Meaning::Answer(answer) => answer,
                Meaning::Unavailable => StorageError::Unavailable(error.into()),
                Meaning::Fault => StorageError::Backend(error.into()),
            }
        }
        _ => StorageError::Backend(error.into()),
    }
}

enum Meaning {
    Answer(StorageError),
    Unavailable,
    Fault,
}

fn meaning(error: &SqlxError) -> Meaning {
    match error {
        SqlxError::Database(error) => meaning_of_refusal(error.as_ref()),
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::PoolTimedOut
        | SqlxError::PoolClosed
        | SqlxError::WorkerCrashed => Meaning::Unavailable,
        _ => Meaning::Fault,
    }
}

fn meaning_of_refusal(error: &dyn DatabaseError) -> Meaning {
    let code = error.code().unwrap_or_default();
    if is_contention(&code) {
        return Meaning::Answer(StorageError::Contention);
    }
    if is_outage(&code) {
        return Meaning::Unavailable;
    }
    let key = if error.kind() == ErrorKind::UniqueViolation { unique_key(error) } else { None };
    key.map_or(Meaning::Fault, |key| Meaning::Answer(StorageError::Duplicate(key)))
}

/// SQLite: busy (5), also because a snapshot is too old to write from (517). PostgreSQL: the
/// transaction cannot be serialized, or is the victim of a deadlock. On both: what a row refers to
/// went, or what is to go came into use, after the unit of work looked (787, 23503); tried again, it
/// finds that out by itself.
fn is_contention(code: &str) -> bool {
    matches!(code, "40001" | "40P01" | "23503" | "787") || sqlite_code(code) == Some(5)
}

/// SQLite: the file cannot be read or written (10), the disk is full (13). PostgreSQL: connections
/// (08), resources (53), shutdown and statement timeout (57), a server that became read-only.
fn is_outage(code: &str) -> bool {
    matches!(sqlite_code(code), Some(10 | 13))
        || code == "25006"
        || (code.len() == 5 && ["08", "53", "57"].iter().any(|class| code.starts_with(class)))
}

/// The primary code in an extended one. PostgreSQL's codes have five characters, SQLite's fewer.
fn sqlite_code(code: &str) -> Option<u32> {
    if code.len() >= 5 {
        return None;
    }
    code.parse::<u32>().ok().map(|extended| extended & 0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_say_contention_in_three_ways() {
        for code in ["5", "517", "787", "40001", "40P01", "23503"] {
            assert!(is_contention(code), "{code}");
            assert!(!is_outage(code), "{code}");
        }
    }

    #[test]
    fn a_full_disk_and_a_server_that_goes_away_are_outages() {
        for code in ["13", "778", "57P01", "57014", "53300", "08006", "25006"] {
            assert!(is_outage(code), "{code}");
            assert!(!is_contention(code), "{code}");
        }
    }

    #[test]
    fn another_violated_constraint_is_neither() {
        for code in ["2067", "1555", "275", "23505", "23514"] {
            assert!(!is_contention(code) && !is_outage(code), "{code}");
        }
    }
}
