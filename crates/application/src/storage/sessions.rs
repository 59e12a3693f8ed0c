use async_trait::async_trait;
use varco_domain::{BackOfficeLevel, OrganizationId, Session, SessionId, Timestamp, UserId};

use super::{Page, StorageError};
use crate::SecretDigest;

/// A session that works now, with what its user may manage there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveSession {
    /// Whose it is.
    pub user: UserId,
    /// Where it works.
    pub organization: OrganizationId,
    /// Of the user there.
    pub back_office_level: BackOfficeLevel,
    /// Unless it is refreshed, it works until then at the latest: the session or the membership ends.
    pub ends_at: Timestamp,
}

/// Which sessions are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionsOf {
    /// One.
    Session(SessionId),
    /// All of a user.
    User(UserId),
    /// Those of a user in one organization.
    UserIn(UserId, OrganizationId),
}

/// A session that was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedSession {
    /// Which.
    pub id: SessionId,
    /// Whose it was.
    pub user: UserId,
    /// Where it worked.
    pub organization: OrganizationId,
}

/// What became of a refresh token that was presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenUse {
    /// It was not used before and is now.
    First(SessionId),
    /// It had been used.
    Repeated(SessionId),
    /// It is none, or its session has ended.
    Unknown,
}

/// Sessions and their refresh tokens.
#[async_trait]
pub trait SessionRepository: Send {
    /// Stores a new one.
    async fn insert(&mut self, session: &Session) -> Result<(), StorageError>;

    /// Gives one that has not ended by time.
    async fn find(&mut self, id: SessionId, now: Timestamp) -> Result<Option<Session>, StorageError>;

    /// Gives what a session proves now. `None` unless it has not ended, its user is active, and is
    /// still a member of its organization with access to something there.
    async fn find_live(&mut self, id: SessionId, now: Timestamp) -> Result<Option<LiveSession>, StorageError>;

    /// Lists the sessions of a user that have not ended by time, by id, which is by age.
    async fn list(
        &mut self,
        user: UserId,
        after: Option<SessionId>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Page<Session>, StorageError>;

    /// Takes a session for one more refresh, which keeps out whoever else refreshes or ends it until the
    /// end of the unit of work. Says no if it has ended, by time as well, or was refreshed as often as
    /// one may be.
    async fn refresh(&mut self, id: SessionId, now: Timestamp) -> Result<bool, StorageError>;

    /// Deletes sessions with their refresh tokens, all but one, and says which it deleted: of several
    /// that end the same one, one is told so. Where all of a user are meant, the sign-ins that the user
    /// has begun go as well.
    async fn end(&mut self, of: SessionsOf, except: Option<SessionId>) -> Result<Vec<EndedSession>, StorageError>;

    /// Deletes the sessions of a user that were used least recently, beyond so many, and says which.
    async fn end_beyond(&mut self, user: UserId, keep: usize) -> Result<Vec<EndedSession>, StorageError>;

    /// Deletes so many, at most, of those that ended by time, everywhere, and says how many it deleted.
    /// Waits for nobody: what somebody holds is left for later.
    async fn forget_ended(&mut self, now: Timestamp, limit: usize) -> Result<usize, StorageError>;

    /// Stores a refresh token of a session.
    async fn insert_token(
        &mut self,
        digest: &SecretDigest,
        session: SessionId,
        now: Timestamp,
    ) -> Result<(), StorageError>;

    /// Gives the session of a refresh token, used or not.
    async fn find_by_token(&mut self, digest: &SecretDigest) -> Result<Option<SessionId>, StorageError>;

    /// Uses a refresh token. Of many at once, one is the first. Its session is taken before, by `refresh`.
    async fn use_token(&mut self, digest: &SecretDigest, now: Timestamp) -> Result<TokenUse, StorageError>;
}
