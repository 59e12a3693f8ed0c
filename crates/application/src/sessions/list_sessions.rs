use varco_domain::{Session, SessionId, UserId};

use super::SessionError;
use crate::Environment;
use crate::storage::Page;

/// Sessions to list.
#[derive(Clone, Copy, Debug)]
pub struct ListSessions {
    /// Whose.
    pub user: UserId,
    /// The last one seen.
    pub after: Option<SessionId>,
    /// How many at most.
    pub limit: usize,
}

/// Lists a user's sessions that have not ended, the oldest first.
pub async fn list_sessions(env: &Environment, command: &ListSessions) -> Result<Page<Session>, SessionError> {
    let ListSessions { user, after, limit } = *command;
    let mut work = env.store.begin_read().await?;
    Ok(work.sessions().list(user, after, env.clock.now(), limit).await?)
}
