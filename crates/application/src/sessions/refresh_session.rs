use varco_domain::{SessionEnd, SessionId};

use super::{NewSession, SessionError, end_sessions, hand_out};
use crate::storage::{SessionsOf, TokenUse};
use crate::write::Write;
use crate::{Caller, Environment, PlainSecret};

/// A refresh token to exchange.
#[derive(Clone, Debug)]
pub struct RefreshSession {
    /// As the client says.
    pub unverified_token: PlainSecret,
}

/// Exchanges a refresh token for a new one and an access token. It works once: whoever comes with it
/// again, or whoever came before, has stolen it, so the session ends.
pub async fn refresh_session(
    env: &Environment,
    caller: &Caller,
    command: &RefreshSession,
) -> Result<NewSession, SessionError> {
    let digest = env.secrets.digest(command.unverified_token.expose());
    // Whoever makes tokens up must not hold up the writers: they are met only with one that was given out.
    let session = env.store.begin_read().await?.sessions().find_by_token(&digest).await?;
    let session = session.ok_or(SessionError::RefreshTokenInvalid)?;

    // No session is begun or ended in the name of whoever carries the call.
    let caller = Caller { principal: None, ..caller.clone() };
    let mut write = Write::begin(env, &caller).await?;
    let now = write.now();
    // First of all, as whoever ends a session takes it before its tokens.
    if !write.work().sessions().refresh(session, now).await? {
        return Err(SessionError::RefreshTokenInvalid);
    }
    match write.work().sessions().use_token(&digest, now).await? {
        TokenUse::First(session) => go_on(write, env, session).await,
        TokenUse::Repeated(session) => {
            end_sessions(&mut write, SessionsOf::Session(session), None, SessionEnd::RefreshTokenReused).await?;
            write.finish_always().await?;
            Err(SessionError::RefreshTokenInvalid)
        }
        TokenUse::Unknown => Err(SessionError::RefreshTokenInvalid),
    }
}

async fn go_on(mut write: Write<'_>, env: &Environment, id: SessionId) -> Result<NewSession, SessionError> {
    let now = write.now();
    let is_live = write.work().sessions().find_live(id, now).await?.is_some();
    let session = write.work().sessions().find(id, now).await?;
    let session = session.filter(|_| is_live).ok_or(SessionError::RefreshTokenInvalid)?;
    hand_out(write, env, session).await
}
