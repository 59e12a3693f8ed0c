//! Access tokens that were verified once, kept under the digest of the whole token.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockWriteGuard};

use varco_domain::{Event, EventKind, Id, Kind, OrganizationId, SecretId, SessionId, SubjectId, Timestamp};

use crate::authentication::ProvedToken;
use crate::caller::{Identity, Principal, Scope};
use crate::ports::SecretDigest;

/// Beyond this many the cache makes room: a bound on memory, not a tuning.
const MAX_TOKENS: usize = 100_000;

/// Of one session: whoever refreshes its token all the time looks them up in storage.
const MAX_TOKENS_OF_SESSION: usize = 8;

/// Verified tokens. What the log says of revocation takes effect with the event, on every replica.
#[derive(Default)]
pub struct TokenCache(RwLock<Verified>);

#[derive(Default)]
struct Verified {
    tokens: HashMap<SecretDigest, ProvedToken>,
    /// The tokens of each session: sessions end so often that nobody should look through all for one.
    of_sessions: HashMap<SessionId, Vec<SecretDigest>>,
    /// How often something was forgotten.
    epoch: u64,
}

/// The state of the cache before a token was looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Epoch(u64);

impl TokenCache {
    /// What a token proves that works now.
    pub fn find(&self, digest: &SecretDigest, now: Timestamp) -> Option<ProvedToken> {
        let verified = self.0.read().unwrap_or_else(PoisonError::into_inner);
        verified.tokens.get(digest).filter(|proved| now < proved.expires_at).copied()
    }

    /// To be read before a token is looked up in storage.
    pub(crate) fn epoch(&self) -> Epoch {
        Epoch(self.0.read().unwrap_or_else(PoisonError::into_inner).epoch)
    }

    /// Keeps a token that storage confirmed at `now`.
    ///
    /// Invariant: nothing was forgotten since `epoch`. Else the token may have been revoked between
    /// the look-up and now, and keeping it would bring it back.
    pub(crate) fn keep(&self, epoch: Epoch, digest: SecretDigest, proved: ProvedToken, now: Timestamp) {
        let mut verified = self.write();
        if verified.epoch == epoch.0 {
            verified.make_room(now);
            verified.insert(digest, proved);
        }
    }

    /// Forgets the tokens that an event revokes, or whose principal it changes.
    pub(crate) fn forget(&self, event: &Event) {
        use EventKind as E;
        match event.kind {
            E::ServiceAccountDeleted => {
                let account = named(event, "service_account").map(SubjectId::ServiceAccount);
                self.forget_where(|principal| Some(principal.subject()) == account);
            }
            E::SecretRevoked => {
                let secret = named(event, "secret");
                self.forget_where(|principal| secret.is_some() && secret_of(principal) == secret);
            }
            E::SessionEnded => {
                if let Some(session) = named(event, "session") {
                    self.write().forget_session(session);
                }
            }
            E::UserSuspended | E::UserRemoved => {
                let user = named(event, "user").map(SubjectId::User);
                self.forget_where(|principal| Some(principal.subject()) == user);
            }
            E::MembershipAccessChanged | E::MembershipRemoved => {
                let (user, organization) = (named(event, "user").map(SubjectId::User), event.organization);
                self.forget_where(|principal| {
                    Some(principal.subject()) == user && organization_of(principal) == organization
                });
            }
            E::OrganizationDeleted => {
                let organization = event.organization;
                self.forget_where(|principal| organization.is_some() && organization_of(principal) == organization);
            }
            _ => (),
        }
    }

    fn forget_where(&self, is_revoked: impl Fn(&Principal) -> bool) {
        let mut verified = self.write();
        verified.epoch += 1;
        verified.retain(|proved| !is_revoked(&proved.principal));
    }

    fn write(&self) -> RwLockWriteGuard<'_, Verified> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Verified {
    fn insert(&mut self, digest: SecretDigest, proved: ProvedToken) {
        if let Identity::User { session, .. } = proved.principal.identity {
            let of_session = self.of_sessions.entry(session).or_default();
            of_session.retain(|other| *other != digest);
            if of_session.len() >= MAX_TOKENS_OF_SESSION {
                self.tokens.remove(&of_session.remove(0));
            }
            of_session.push(digest);
        }
        self.tokens.insert(digest, proved);
    }

    fn forget_session(&mut self, session: SessionId) {
        self.epoch += 1;
        for digest in self.of_sessions.remove(&session).unwrap_or_default() {
            self.tokens.remove(&digest);
        }
    }

    /// Drops what has expired once the cache is full, and everything where that gives little: nobody
    /// looks through all tokens for every new one.
    fn make_room(&mut self, now: Timestamp) {
        if self.tokens.len() < MAX_TOKENS {
            return;
        }
        self.retain(|proved| now < proved.expires_at);
        if self.tokens.len() > MAX_TOKENS / 4 * 3 {
            self.retain(|_| false);
        }
    }

    fn retain(&mut self, is_kept: impl Fn(&ProvedToken) -> bool) {
        self.tokens.retain(|_, proved| is_kept(proved));
        let tokens = &self.tokens;
        self.of_sessions.retain(|_, digests| {
            digests.retain(|digest| tokens.contains_key(digest));
            !digests.is_empty()
        });
    }
}

/// The thing of this kind that an event concerns.
fn named<K: Kind>(event: &Event, kind: &str) -> Option<Id<K>> {
    event.subject(kind).and_then(|id| Id::parse(id).ok())
}

fn secret_of(principal: &Principal) -> Option<SecretId> {
    match principal.identity {
        Identity::ServiceAccount { secret, .. } => Some(secret),
        Identity::User { .. } => None,
    }
}

fn organization_of(principal: &Principal) -> Option<OrganizationId> {
    match principal.scope {
        Scope::Organization(organization) | Scope::Member(organization) => Some(organization),
        Scope::Platform => None,
    }
}

#[cfg(test)]
mod tests;
