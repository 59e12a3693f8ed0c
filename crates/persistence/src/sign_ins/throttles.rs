use std::fmt::Write as _;

use sea_orm::FromQueryResult;
use varco_application::storage::{StorageError, ThrottleKey};
use varco_domain::{Timestamp, TooEarly, Tries, UserId};

use crate::sql::{Sql, sql};
use crate::work::SeaUnitOfWork;

#[derive(FromQueryResult)]
struct TriesRow {
    in_a_row: i64,
    whole_at: i64,
    next_at: i64,
    forgotten_at: i64,
}

/// A key as its three columns.
struct Columns<'a> {
    kind: &'static str,
    subject: String,
    source: &'a str,
}

fn columns(key: &ThrottleKey) -> Columns<'_> {
    let (kind, subject, source) = match key {
        ThrottleKey::Account(user) => ("account", user.to_string(), ""),
        ThrottleKey::Nobody(name) => ("nobody", hexadecimal(&name.0), ""),
        ThrottleKey::Known(user, source) => ("known", user.to_string(), source.as_str()),
        ThrottleKey::Name { name, source, is_used: false } => ("name", hexadecimal(&name.0), source.as_str()),
        ThrottleKey::Name { name, source, is_used: true } => ("name_used", hexadecimal(&name.0), source.as_str()),
        ThrottleKey::Source(source) => ("source", String::new(), source.as_str()),
        ThrottleKey::Pin(user) => ("pin", user.to_string(), ""),
        ThrottleKey::Session(user) => ("session", user.to_string(), ""),
        ThrottleKey::LinksTo(user) => ("links_to", user.to_string(), ""),
        ThrottleKey::LinksFrom(source) => ("links_from", String::new(), source.as_str()),
    };
    Columns { kind, subject, source }
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
        let take = "INSERT INTO sign_in_throttles (kind, subject, source, in_a_row, whole_at, next_at, forgotten_at) \
            VALUES ($1, $2, $3, 0, $4, $4, $4) \
            ON CONFLICT (kind, subject, source) DO UPDATE SET lock_count = sign_in_throttles.lock_count + 1";
        self.execute(keyed(take, key).with(now.as_micros())).await?;
        let tries = self.tries(key).await?;
        let next = key.throttle().next(tries, now);
        // Written also where nothing changes: a try that is refused costs the same as one that is not.
        if let Some(tries) = next.ok().or(tries) {
            self.set_tries(key, tries).await?;
        }
        Ok(next)
    }

    /// As `count_try_at`: the row is taken first, here without a change.
    pub(super) async fn give_back_try_at(&self, key: &ThrottleKey) -> Result<(), StorageError> {
        let take = "UPDATE sign_in_throttles SET lock_count = lock_count + 1 \
            WHERE kind = $1 AND subject = $2 AND source = $3";
        self.execute(keyed(take, key)).await?;
        match self.tries(key).await? {
            Some(tries) => self.set_tries(key, key.throttle().give_back(tries)).await,
            None => Ok(()),
        }
    }

    async fn tries(&self, key: &ThrottleKey) -> Result<Option<Tries>, StorageError> {
        let read = "SELECT in_a_row, whole_at, next_at, forgotten_at FROM sign_in_throttles \
            WHERE kind = $1 AND subject = $2 AND source = $3";
        Ok(self.row::<TriesRow>(keyed(read, key)).await?.map(Tries::from))
    }

    async fn set_tries(&self, key: &ThrottleKey, tries: Tries) -> Result<(), StorageError> {
        let write = "UPDATE sign_in_throttles SET in_a_row = $4, whole_at = $5, next_at = $6, forgotten_at = $7 \
            WHERE kind = $1 AND subject = $2 AND source = $3";
        let write = keyed(write, key)
            .with(i64::from(tries.in_a_row))
            .with(tries.whole_at.as_micros())
            .with(tries.next_at.as_micros())
            .with(tries.forgotten_at.as_micros());
        self.execute(write).await.map(drop)
    }

    pub(super) async fn delete_tries(&self, key: &ThrottleKey) -> Result<(), StorageError> {
        let delete = "DELETE FROM sign_in_throttles WHERE kind = $1 AND subject = $2 AND source = $3";
        self.execute(keyed(delete, key)).await.map(drop)
    }

    pub(super) async fn delete_tries_at(&self, user: UserId) -> Result<(), StorageError> {
        let delete =
            sql("DELETE FROM sign_in_throttles WHERE kind IN ('account', 'known', 'session') AND subject = $1");
        self.execute(delete.with(user.to_string())).await.map(drop)
    }
}

impl From<TriesRow> for Tries {
    fn from(row: TriesRow) -> Self {
        Self {
            in_a_row: u32::try_from(row.in_a_row).unwrap_or(u32::MAX),
            whole_at: Timestamp::from_micros(row.whole_at),
            next_at: Timestamp::from_micros(row.next_at),
            forgotten_at: Timestamp::from_micros(row.forgotten_at),
        }
    }
}
