//! Sessions and their refresh tokens.

mod row;

use async_trait::async_trait;
use uuid::Uuid;
use varco_application::SecretDigest;
use varco_application::storage::{
    EndedSession, LiveSession, Page, SessionRepository, SessionsOf, StorageError, TokenUse,
};
use varco_domain::{Session, SessionId, Timestamp, UserId};

use crate::batch::{Batch, Columns, Kind};
use crate::sql::{Sql, count, sql};
use crate::work::SeaUnitOfWork;
use row::{EndedRow, LiveRow, SELECT, SELECT_ENDED, SELECT_LIVE, SessionRow, TokenRow};

const IDS: Columns = &[("id", Kind::Uuid)];

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
             expires_at, address, user_agent, browser, operating_system) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
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

    async fn touch(&mut self, id: SessionId, now: Timestamp) -> Result<(), StorageError> {
        let touch = sql("UPDATE sessions SET last_used_at = $2 WHERE id = $1");
        self.execute(touch.with(id.as_uuid()).with(now.as_micros())).await.map(drop)
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
        find.push(" ORDER BY id");
        self.delete_found(find).await
    }

    async fn end_beyond(&mut self, user: UserId, keep: usize) -> Result<Vec<EndedSession>, StorageError> {
        let mut find = sql(SELECT_ENDED);
        find.push(" WHERE user_id = ").bind(user.as_uuid());
        // SQLite knows no offset without a limit.
        find.push(" ORDER BY last_used_at DESC, id DESC LIMIT 1000 OFFSET ").bind(count(keep));
        self.delete_found(find).await
    }

    async fn forget_ended(&mut self, now: Timestamp) -> Result<(), StorageError> {
        let forget = sql("DELETE FROM sessions WHERE expires_at <= $1").with(now.as_micros());
        self.execute(forget).await?;
        let idle = sql("DELETE FROM sessions WHERE last_used_at <= $1");
        self.execute(idle.with(now.minus(Session::MAX_IDLE).as_micros())).await.map(drop)
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

    async fn use_token(&mut self, digest: &SecretDigest, now: Timestamp) -> Result<TokenUse, StorageError> {
        let used = sql("UPDATE refresh_tokens SET used_at = $2 WHERE digest = $1 AND used_at IS NULL")
            .with(digest.0.to_vec())
            .with(now.as_micros());
        let is_first = self.execute(used).await? == 1;
        let find = sql("SELECT session_id FROM refresh_tokens WHERE digest = $1").with(digest.0.to_vec());
        let session = self.row::<TokenRow>(find).await?.map(TokenRow::session);
        Ok(match session {
            Some(session) if is_first => TokenUse::First(session),
            Some(session) => TokenUse::Repeated(session),
            None => TokenUse::Unknown,
        })
    }
}

impl SeaUnitOfWork {
    /// Deletes the sessions that a statement finds.
    async fn delete_found(&self, find: Sql) -> Result<Vec<EndedSession>, StorageError> {
        let found: Vec<EndedSession> = self.rows::<EndedRow>(find).await?.into_iter().map(EndedSession::from).collect();
        let ids = Batch::of(IDS, found.iter().map(|session| session.id.as_uuid()));
        self.execute_batch(&[], ids, "DELETE FROM sessions WHERE id IN (SELECT id FROM given)").await?;
        Ok(found)
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
