use varco_domain::{Session, SessionEnd, SessionId};

use super::{SessionError, end_sessions};
use crate::storage::SessionsOf;
use crate::write::Write;
use crate::{Caller, Environment, Mode, Scope, Written};

/// A session to end from outside.
#[derive(Clone, Copy, Debug)]
pub struct RevokeSession {
    /// Which.
    pub session: SessionId,
}

/// Ends a session: one of the caller's own, or one that works in the organization that the caller
/// manages, or whose user lives there.
pub async fn revoke_session(
    env: &Environment,
    caller: &Caller,
    command: &RevokeSession,
) -> Result<Written<()>, SessionError> {
    let mut write = Write::begin(env, caller).await?;
    let now = write.now();
    let session = write.work().sessions().find(command.session, now).await?.ok_or(SessionError::NotFound)?;
    if !may_end(&mut write, caller, &session).await? {
        return Err(SessionError::NotFound);
    }
    end_sessions(&mut write, SessionsOf::Session(session.id), None, SessionEnd::Revoked).await?;
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value: (), revision })
}

async fn may_end(write: &mut Write<'_>, caller: &Caller, session: &Session) -> Result<bool, SessionError> {
    if caller.user().is_some_and(|(user, _)| user == session.user) {
        return Ok(true);
    }
    let Some(Scope::Organization(managed)) = caller.principal.map(|principal| principal.scope) else {
        return Ok(false);
    };
    let user = write.work().users().find_account(session.user).await?;
    Ok(managed == session.organization || user.is_some_and(|user| user.home == managed))
}
