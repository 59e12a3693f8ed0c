//! Sessions and their refresh tokens.

mod row;

use async_trait::async_trait;
use uuid::Uuid;
use varco_application::SecretDigest;
use varco_application::storage::{
    EndedSession, LiveSession, Page, SessionRepository, SessionsOf, StorageError, TokenUse,
};
use varco_domain::{Session, SessionId, Timestamp, UserId};

use crate::forget::Aged;
use crate::sql::{Sql, count, sql};
use crate::work::SeaUnitOfWork;
use row::{EndedRow, LiveRow, SELECT, SELECT_ENDED, SELECT_LIVE, SessionRow, TokenRow};

/// Whose time is up, and who was not refreshed in time.
const AGED: Aged = Aged { table: "sessions", key: "id", age: "expires_at" };
const IDLE: Aged = Aged { table: "sessions", key: "id", age: "last_used_at" };

/// Adds the condition that a session has not ended by time.
fn add_unended(sql: &mut Sql, now: Timestamp) {
    sql.push(" AND s.expires_at > ").bind(now.as_micros());
    sql.push(" AND s.last_used_at > ").bind(now.minus(Session::MAX_IDLE).as_micros());
}

#[async_trait]
impl SessionRepository for SeaUnitOfWork {
    async fn insert(&mut self, session: &Session) -> Result<(), StorageError> {
        let client = &session.client;
        let insert = sql("INSERT INTO sessions (id, user_id, organization_id, pin_given, created_at, last_used_at, \
             refreshes, expires_at, address, user_agent, browser, operating_system) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11)")
        .with(session.id.as_uuid())
        .with(session.user.as_uuid())
        .with(session.organization.as_uuid())
        .with(session.pin_given)
        .with(session.created_at.as_micros())
        .with(session.last_used_at.as_micros())
        .with(session.expires_at.as_micros())
        .with(client.address.clone())
        .with(client.user_agent.clone())
        .with(client.browser.clone())
        .with(client.operating_system.clone());
        self.execute(insert).await.map(drop)
    }

    async fn find(&mut self, id: SessionId, now: Timestamp) -> Result<Option<Session>, StorageError> {
        let mut find = sql(SELECT);
        find.push(" WHERE s.id = ").bind(id.as_uuid());
        add_unended(&mut find, now);
        Ok(self.row::<SessionRow>(find).await?.map(Session::from))
    }

    async fn find_live(&mut self, id: SessionId, now: Timestamp) -> Result<Option<LiveSession>, StorageError> {
        let mut find = sql(SELECT_LIVE).with(now.as_micros());
        find.push(" AND s.id = ").bind(id.as_uuid());
        add_unended(&mut find, now);
        self.row::<LiveRow>(find).await?.map(LiveSession::try_from).transpose()
    }

    async fn list(
        &mut self,
        user: UserId,
        after: Option<SessionId>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Page<Session>, StorageError> {
        let mut list = sql(SELECT);
        list.push(" WHERE s.user_id = ").bind(user.as_uuid());
        list.push(" AND s.id > ").bind(after.map_or(Uuid::nil(), |after| after.as_uuid()));
        add_unended(&mut list, now);
        list.push(" ORDER BY s.id").limit(limit);
        Ok(Page::of(self.rows::<SessionRow>(list).await?, limit).map(Session::from))
    }

    async fn refresh(&mut self, id: SessionId, now: Timestamp) -> Result<bool, StorageError> {
        let mut take = sql("UPDATE sessions AS s SET last_used_at = $2, refreshes = s.refreshes + 1 \
             WHERE s.id = $1 AND s.refreshes < $3")
        .with(id.as_uuid())
        .with(now.as_micros())
        .with(i64::from(Session::MAX_REFRESHES));
        add_unended(&mut take, now);
        Ok(self.execute(take).await? == 1)
    }

    async fn end(&mut self, of: SessionsOf, except: Option<SessionId>) -> Result<Vec<EndedSession>, StorageError> {
        let mut find = sql(SELECT_ENDED);
        match of {
            SessionsOf::Session(id) => _ = find.push(" WHERE id = ").bind(id.as_uuid()),
            SessionsOf::User(user) => {
                self.execute(sql("DELETE FROM challenges WHERE user_id = $1").with(user.as_uuid())).await?;
                find.push(" WHERE user_id = ").bind(user.as_uuid());
            }
            SessionsOf::UserIn(user, organization) => {
                find.push(" WHERE user_id = ").bind(user.as_uuid());
                find.push(" AND organization_id = ").bind(organization.as_uuid());
            }
        }
        if let Some(except) = except {
            find.push(" AND id <> ").bind(except.as_uuid());
        }
        self.delete_found(find).await
    }

    async fn end_beyond(&mut self, user: UserId, keep: usize) -> Result<Vec<EndedSession>, StorageError> {
        let mut find = sql(SELECT_ENDED);
        find.push(" WHERE user_id = ").bind(user.as_uuid());
        // SQLite knows no offset without a limit.
        find.push(" ORDER BY last_used_at DESC, id DESC LIMIT 1000 OFFSET ").bind(count(keep));
        self.delete_found(find).await
    }

    async fn forget_ended(&mut self, now: Timestamp, limit: usize) -> Result<usize, StorageError> {
        let aged = self.forget(&AGED, now, limit).await?;
        Ok(aged + self.forget(&IDLE, now.minus(Session::MAX_IDLE), limit - aged.min(limit)).await?)
    }

    async fn insert_token(
        &mut self,
        digest: &SecretDigest,
        session: SessionId,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let insert = sql("INSERT INTO refresh_tokens (digest, session_id, created_at) VALUES ($1, $2, $3)")
            .with(digest.0.to_vec())
            .with(session.as_uuid())
            .with(now.as_micros());
        self.execute(insert).await.map(drop)
    }

    async fn find_by_token(&mut self, digest: &SecretDigest) -> Result<Option<SessionId>, StorageError> {
        let find = sql("SELECT session_id FROM refresh_tokens WHERE digest = $1").with(digest.0.to_vec());
        Ok(self.row::<TokenRow>(find).await?.map(TokenRow::session))
    }

    async fn use_token(&mut self, digest: &SecretDigest, now: Timestamp) -> Result<TokenUse, StorageError> {
        let used = sql("UPDATE refresh_tokens SET used_at = $2 WHERE digest = $1 AND used_at IS NULL")
            .with(digest.0.to_vec())
            .with(now.as_micros());
        let is_first = self.execute(used).await? == 1;
        Ok(match self.find_by_token(digest).await? {
            Some(session) if is_first => TokenUse::First(session),
            Some(session) => TokenUse::Repeated(session),
            None => TokenUse::Unknown,
        })
    }
}

impl SeaUnitOfWork {
    /// Deletes the sessions that a statement finds, and gives those that were still there.
    ///
    /// Invariant: one after another in the order of their ids, so that nobody who ends the same ones
    /// waits for somebody who waits for him. One statement for all would take them in an order of its own.
    async fn delete_found(&self, find: Sql) -> Result<Vec<EndedSession>, StorageError> {
        let mut found = self.rows::<EndedRow>(find).await?;
        found.sort_unstable_by_key(|row| row.id);
        let mut ended = Vec::with_capacity(found.len());
        for row in found {
            let delete = sql("DELETE FROM sessions WHERE id = $1").with(row.id);
            if self.execute(delete).await? == 1 {
                ended.push(EndedSession::from(row));
            }
        }
        Ok(ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::assert_indexed;

    #[tokio::test]
    async fn a_session_is_found_along_indexes() {
        let id = SessionId::from_uuid(Uuid::nil());
        let mut find = sql(SELECT_LIVE).with(0_i64);
        find.push(" AND s.id = ").bind(id.as_uuid());
        add_unended(&mut find, Timestamp::EPOCH);
        assert_indexed(find).await;
    }
}
