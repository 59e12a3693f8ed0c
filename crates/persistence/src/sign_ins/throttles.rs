use std::fmt::Write as _;

use sea_orm::FromQueryResult;
use varco_application::storage::{StorageError, ThrottleKey};
use varco_domain::{Timestamp, TooEarly, Tries, UserId};

use crate::sql::{Sql, sql};
use crate::work::SeaUnitOfWork;

#[derive(FromQueryResult)]
struct TriesRow {
    tries: i64,
    last_at: i64,
    next_at: i64,
}

/// A key as its three columns.
struct Columns<'a> {
    kind: &'static str,
    subject: String,
    source: &'a str,
}

fn columns(key: &ThrottleKey) -> Columns<'_> {
    match key {
        ThrottleKey::Account(user) => Columns { kind: "account", subject: user.to_string(), source: "" },
        ThrottleKey::Name(digest) => Columns { kind: "name", subject: hexadecimal(&digest.0), source: "" },
        ThrottleKey::Known(user, source) => Columns { kind: "known", subject: user.to_string(), source },
        ThrottleKey::Pin(user) => Columns { kind: "pin", subject: user.to_string(), source: "" },
        ThrottleKey::Source(source) => Columns { kind: "source", subject: String::new(), source },
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Starts a statement whose first three values are the key.
fn keyed(text: &str, key: &ThrottleKey) -> Sql {
    let Columns { kind, subject, source } = columns(key);
    sql(text).with(kind).with(subject).with(source)
}

impl SeaUnitOfWork {
    /// The row is taken before it is read, so that of two tries at once each sees the other.
    pub(super) async fn count_try_at(
        &self,
        key: &ThrottleKey,
        now: Timestamp,
    ) -> Result<Result<Tries, TooEarly>, StorageError> {
        let take = "INSERT INTO sign_in_throttles (kind, subject, source, tries, last_at, next_at, forgotten_at) \
            VALUES ($1, $2, $3, 0, $4, $4, $4) \
            ON CONFLICT (kind, subject, source) DO UPDATE SET lock_count = sign_in_throttles.lock_count + 1";
        self.execute(keyed(take, key).with(now.as_micros())).await?;
        let read = "SELECT tries, last_at, next_at FROM sign_in_throttles \
            WHERE kind = $1 AND subject = $2 AND source = $3";
        let tries = self.row::<TriesRow>(keyed(read, key)).await?.map(Tries::from);
        let throttle = key.throttle();
        let next = match throttle.next(tries, now) {
            Ok(next) => next,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let write = "UPDATE sign_in_throttles SET tries = $4, last_at = $5, next_at = $6, forgotten_at = $7 \
            WHERE kind = $1 AND subject = $2 AND source = $3";
        let write = keyed(write, key)
            .with(i64::from(next.count))
            .with(next.last_at.as_micros())
            .with(next.next_at.as_micros())
            .with(throttle.forgotten_at(next).as_micros());
        self.execute(write).await?;
        Ok(Ok(next))
    }

    pub(super) async fn delete_tries(&self, key: &ThrottleKey) -> Result<(), StorageError> {
        let delete = "DELETE FROM sign_in_throttles WHERE kind = $1 AND subject = $2 AND source = $3";
        self.execute(keyed(delete, key)).await.map(drop)
    }

    pub(super) async fn delete_tries_at(&self, user: UserId) -> Result<(), StorageError> {
        let delete = sql("DELETE FROM sign_in_throttles WHERE kind IN ('account', 'known') AND subject = $1");
        self.execute(delete.with(user.to_string())).await.map(drop)
    }
}

impl From<TriesRow> for Tries {
    fn from(row: TriesRow) -> Self {
        Self {
            count: u32::try_from(row.tries).unwrap_or(u32::MAX),
            last_at: Timestamp::from_micros(row.last_at),
            next_at: Timestamp::from_micros(row.next_at),
        }
    }
}
