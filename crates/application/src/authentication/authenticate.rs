use crate::storage::StorageError;
use crate::{Environment, Identity, Principal, Scope, SecretDigest};

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

/// Says who presents the token with this digest. Verified once against storage, then from memory
/// until the token expires or an event revokes it.
pub async fn authenticate(env: &Environment, digest: &SecretDigest) -> Result<Principal, AuthenticationError> {
    let now = env.clock.now();
    // Revocations reach the cache through the feed: without contact to the log it proves nothing.
    if let Some(principal) = env.tokens.find(digest, now).filter(|_| !env.feed.is_stale()) {
        return Ok(principal);
    }
    let epoch = env.tokens.epoch();
    let mut work = env.store.begin_read().await?;
    let holder = work.service_accounts().find_token(digest, now).await?.ok_or(AuthenticationError::Invalid)?;
    let scope = holder.organization.map_or(Scope::Platform, Scope::Organization);
    let principal =
        Principal { identity: Identity::ServiceAccount { account: holder.account, secret: holder.secret }, scope };
    env.tokens.keep(epoch, *digest, principal, holder.expires_at);
    Ok(principal)
}
