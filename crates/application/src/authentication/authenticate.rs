use varco_domain::{BackOfficeLevel, Timestamp};

use crate::storage::StorageError;
use crate::{Environment, Identity, Principal, Scope, SecretDigest};

/// The longest token that is looked at, in bytes. Ours are below 1 KiB.
const MAX_LENGTH: usize = 4096;

/// Why a token proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticationError {
    /// Unknown, expired or revoked.
    #[error("the token is unknown, expired or revoked")]
    Invalid,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What a token proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvedToken {
    /// Whose it is.
    pub principal: Principal,
    /// Until when it works, if nothing ends it before.
    pub expires_at: Timestamp,
}

/// Says who presents a token. Verified once against storage, then from memory until the token
/// expires or an event revokes it.
pub async fn authenticate(env: &Environment, unverified: &str) -> Result<Principal, AuthenticationError> {
    prove(env, unverified).await.map(|proved| proved.principal)
}

pub(super) async fn prove(env: &Environment, unverified: &str) -> Result<ProvedToken, AuthenticationError> {
    if unverified.len() > MAX_LENGTH {
        return Err(AuthenticationError::Invalid);
    }
    let (now, digest) = (env.clock.now(), env.secrets.digest(unverified));
    // Revocations reach the cache through the feed: without contact to the log it proves nothing.
    if let Some(proved) = env.tokens.find(&digest, now).filter(|_| !env.feed.is_stale()) {
        return Ok(proved);
    }
    let epoch = env.tokens.epoch();
    // Those of service accounts are opaque and have no dot; those of users have two.
    let proved = if unverified.contains('.') {
        prove_user(env, unverified, now).await?
    } else {
        prove_service_account(env, &digest, now).await?
    };
    let proved = proved.ok_or(AuthenticationError::Invalid)?;
    env.tokens.keep(epoch, digest, proved, now);
    Ok(proved)
}

async fn prove_service_account(
    env: &Environment,
    digest: &SecretDigest,
    now: Timestamp,
) -> Result<Option<ProvedToken>, StorageError> {
    let mut work = env.store.begin_read().await?;
    let Some(holder) = work.service_accounts().find_token(digest, now).await? else { return Ok(None) };
    let scope = holder.organization.map_or(Scope::Platform, Scope::Organization);
    let identity = Identity::ServiceAccount { account: holder.account, secret: holder.secret };
    Ok(Some(ProvedToken { principal: Principal { identity, scope }, expires_at: holder.expires_at }))
}

/// The signature says who; storage says whether the session still works, and what it manages.
async fn prove_user(env: &Environment, unverified: &str, now: Timestamp) -> Result<Option<ProvedToken>, StorageError> {
    let Some(claims) = env.keys.verify(env.store.as_ref(), unverified, now).await? else { return Ok(None) };
    let mut work = env.store.begin_read().await?;
    let live = work.sessions().find_live(claims.session, now).await?;
    let is_same = |user, organization| user == claims.user && organization == claims.organization;
    let Some(live) = live.filter(|live| is_same(live.user, live.organization)) else { return Ok(None) };
    let scope = match live.back_office_level {
        BackOfficeLevel::Admin => Scope::Organization(live.organization),
        BackOfficeLevel::None | BackOfficeLevel::Standard => Scope::Member(live.organization),
    };
    let identity = Identity::User { user: claims.user, session: claims.session };
    let expires_at = claims.expires_at.min(live.ends_at);
    Ok(Some(ProvedToken { principal: Principal { identity, scope }, expires_at }))
}
