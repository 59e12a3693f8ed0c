use std::time::Duration;

use varco_domain::{OrganizationId, SessionId, Timestamp, UserId};

use super::AccessToken;
use crate::{Claims, Environment, KeyUnusable};

/// How long a token works. Short, because who verifies tokens offline, by the published keys, does
/// not hear that a session has ended. The service itself does at once.
const TOKEN_TTL: Duration = Duration::from_mins(5);

/// For whom a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHolder {
    /// The user.
    pub user: UserId,
    /// The session.
    pub session: SessionId,
    /// Where the session is.
    pub organization: OrganizationId,
    /// When the session ends. No token works beyond.
    pub ends_at: Timestamp,
}

/// Signs an access token. Asks no database: call it with no unit of work open.
pub fn issue_access_token(env: &Environment, holder: &TokenHolder) -> Result<AccessToken, KeyUnusable> {
    let now = env.clock.now();
    let mut random = [0; 16];
    env.entropy.fill(&mut random);
    let claims = Claims {
        user: holder.user,
        session: holder.session,
        organization: holder.organization,
        id: uuid::Builder::from_random_bytes(random).into_uuid(),
        issued_at: now.whole_seconds(),
        expires_at: now.plus(TOKEN_TTL).min(holder.ends_at).whole_seconds(),
    };
    let token = env.keys.sign(&claims, now)?;
    Ok(AccessToken { token, expires_in: claims.expires_at.since(now) })
}
