//! Access tokens that were verified once, kept under the digest of the whole token.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use varco_domain::{Event, EventKind, OrganizationId, SecretId, ServiceAccountId, Timestamp};

use crate::caller::{Principal, Scope};
use crate::ports::SecretDigest;

/// Beyond this many the cache starts anew: a bound on memory, not a tuning.
const MAX_TOKENS: usize = 100_000;

/// Verified tokens. What the log says of revocation takes effect with the event, on every replica.
#[derive(Default)]
pub struct TokenCache(RwLock<Verified>);

#[derive(Default)]
struct Verified {
    tokens: HashMap<SecretDigest, (Principal, Timestamp)>,
    /// How often something was forgotten.
    epoch: u64,
}

/// The state of the cache before a token was looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Epoch(u64);

impl TokenCache {
    /// The principal behind a token that works now.
    pub fn find(&self, digest: &SecretDigest, now: Timestamp) -> Option<Principal> {
        let verified = self.0.read().unwrap_or_else(PoisonError::into_inner);
        verified.tokens.get(digest).filter(|(_, expires_at)| now < *expires_at).map(|(principal, _)| *principal)
    }

    /// To be read before a token is looked up in storage.
    pub(crate) fn epoch(&self) -> Epoch {
        Epoch(self.0.read().unwrap_or_else(PoisonError::into_inner).epoch)
    }

    /// Keeps a token that storage confirmed.
    ///
    /// Invariant: nothing was forgotten since `epoch`. Else the token may have been revoked between
    /// the look-up and now, and keeping it would bring it back.
    pub(crate) fn keep(&self, epoch: Epoch, digest: SecretDigest, principal: Principal, expires_at: Timestamp) {
        let mut verified = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if verified.epoch != epoch.0 {
            return;
        }
        if verified.tokens.len() >= MAX_TOKENS {
            verified.tokens.clear();
        }
        verified.tokens.insert(digest, (principal, expires_at));
    }

    /// Forgets the tokens that an event revokes.
    pub(crate) fn forget(&self, event: &Event) {
        match event.kind {
            EventKind::ServiceAccountDeleted => {
                let account = event.subject("service_account").and_then(|id| ServiceAccountId::parse(id).ok());
                self.forget_where(|principal| Some(principal.account) == account);
            }
            EventKind::SecretRevoked => {
                let secret = event.subject("secret").and_then(|id| SecretId::parse(id).ok());
                self.forget_where(|principal| Some(principal.secret) == secret);
            }
            EventKind::OrganizationDeleted => self.forget_organization(event.organization),
            _ => (),
        }
    }

    fn forget_organization(&self, organization: Option<OrganizationId>) {
        self.forget_where(|principal| match principal.scope {
            Scope::Organization(managed) => Some(managed) == organization,
            Scope::Platform => false,
        });
    }

    fn forget_where(&self, is_revoked: impl Fn(&Principal) -> bool) {
        let mut verified = self.0.write().unwrap_or_else(PoisonError::into_inner);
        verified.epoch += 1;
        verified.tokens.retain(|_, (principal, _)| !is_revoked(principal));
    }
}
