//! Access tokens that were verified once, kept under the digest of the whole token.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use varco_domain::{Event, EventKind, OrganizationId, SecretId, ServiceAccountId, SubjectId, Timestamp};

use crate::caller::{Identity, Principal, Scope};
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
                self.forget_where(|principal| is_of(principal, account));
            }
            EventKind::SecretRevoked => {
                let secret = event.subject("secret").and_then(|id| SecretId::parse(id).ok());
                self.forget_where(|principal| matches!(principal.identity, Identity::ServiceAccount { secret: of, .. } if Some(of) == secret));
            }
            EventKind::OrganizationDeleted => self.forget_organization(event.organization),
            _ => (),
        }
    }

    fn forget_organization(&self, organization: Option<OrganizationId>) {
        self.forget_where(|principal| match principal.scope {
            Scope::Organization(of) | Scope::Member(of) => Some(of) == organization,
            Scope::Platform => false,
        });
    }

    fn forget_where(&self, is_revoked: impl Fn(&Principal) -> bool) {
        let mut verified = self.0.write().unwrap_or_else(PoisonError::into_inner);
        verified.epoch += 1;
        verified.tokens.retain(|_, (principal, _)| !is_revoked(principal));
    }
}

fn is_of(principal: &Principal, account: Option<ServiceAccountId>) -> bool {
    account.is_some_and(|account| principal.subject() == SubjectId::ServiceAccount(account))
}

#[cfg(test)]
mod tests {
    use varco_domain::{Actor, Revision, Subject};

    use super::*;

    const NOW: Timestamp = Timestamp::EPOCH;

    fn secret() -> SecretId {
        SecretId::parse("secret_01kagbbbbbfbbvbbbbbbbbbbbb").unwrap()
    }

    fn principal() -> Principal {
        let account = ServiceAccountId::parse("sa_01kagbbbbbfbbvbbbbbbbbbbbb").unwrap();
        let secret = secret();
        Principal { identity: Identity::ServiceAccount { account, secret }, scope: Scope::Platform }
    }

    fn revocation() -> Event {
        let subject = |kind: &str, id: String| Subject { kind: kind.to_owned(), id };
        Event {
            revision: Revision::new(1),
            ordinal: 0,
            occurred_at: NOW,
            organization: None,
            kind: EventKind::SecretRevoked,
            subjects: vec![subject("secret", secret().to_string())],
            actor: Actor::System,
            address: None,
            request_id: String::new(),
            before: None,
            after: None,
        }
    }

    #[test]
    fn a_token_works_until_it_expires_or_its_secret_is_revoked() {
        let (cache, digest) = (TokenCache::default(), SecretDigest([7; 32]));
        let end = NOW.plus(std::time::Duration::from_secs(1));
        cache.keep(cache.epoch(), digest, principal(), end);
        assert_eq!(cache.find(&digest, NOW), Some(principal()));
        assert_eq!(cache.find(&digest, end), None);

        cache.forget(&revocation());
        assert_eq!(cache.find(&digest, NOW), None);
    }

    #[test]
    fn a_token_that_was_revoked_while_it_was_looked_up_is_not_kept() {
        let (cache, digest) = (TokenCache::default(), SecretDigest([7; 32]));
        let before_the_look_up = cache.epoch();
        cache.forget(&revocation());
        cache.keep(before_the_look_up, digest, principal(), NOW.plus(std::time::Duration::from_secs(1)));

        assert_eq!(cache.find(&digest, NOW), None);
    }
}
