use std::time::Duration;

use varco_domain::{Actor, Revision, Subject, UserId};

use super::*;

const NOW: Timestamp = Timestamp::EPOCH;
const SECOND: Duration = Duration::from_secs(1);

fn id<K: Kind>(number: u8) -> Id<K> {
    Id::generate(NOW, [number; 10])
}

fn program() -> Principal {
    Principal { identity: Identity::ServiceAccount { account: id(1), secret: id(2) }, scope: Scope::Platform }
}

/// A person with this number, in the session and the organization of these numbers.
fn person(user: u8, session: u8, organization: u8) -> Principal {
    let identity = Identity::User { user: id(user), session: id(session) };
    Principal { identity, scope: Scope::Member(id(organization)) }
}

fn event(kind: EventKind, organization: Option<OrganizationId>, subjects: &[(&str, String)]) -> Event {
    let subject = |(kind, id): &(&str, String)| Subject { kind: (*kind).to_owned(), id: id.clone() };
    Event {
        revision: Revision::new(1),
        ordinal: 0,
        occurred_at: NOW,
        organization,
        kind,
        subjects: subjects.iter().map(subject).collect(),
        actor: Actor::System,
        address: None,
        request_id: String::new(),
        before: None,
        after: None,
    }
}

fn revocation() -> Event {
    event(EventKind::SecretRevoked, None, &[("secret", SecretId::to_string(&id(2)))])
}

fn digest(number: usize) -> SecretDigest {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    SecretDigest(bytes)
}

fn keep(cache: &TokenCache, number: usize, principal: Principal) {
    cache.keep(cache.epoch(), digest(number), until(NOW.plus(SECOND), principal), NOW);
}

fn until(expires_at: Timestamp, principal: Principal) -> ProvedToken {
    ProvedToken { principal, expires_at }
}

fn kept(cache: &TokenCache) -> Vec<usize> {
    (0..10).filter(|number| cache.find(&digest(*number), NOW).is_some()).collect()
}

#[test]
fn a_token_works_until_it_expires_or_its_secret_is_revoked() {
    let cache = TokenCache::default();
    keep(&cache, 7, program());
    assert_eq!(cache.find(&digest(7), NOW).map(|proved| proved.principal), Some(program()));
    assert_eq!(cache.find(&digest(7), NOW.plus(SECOND)), None);

    cache.forget(&revocation());
    assert_eq!(kept(&cache), []);
}

#[test]
fn a_token_that_was_revoked_while_it_was_looked_up_is_not_kept() {
    let cache = TokenCache::default();
    let before_the_look_up = cache.epoch();
    cache.forget(&revocation());
    cache.keep(before_the_look_up, digest(7), until(NOW.plus(SECOND), program()), NOW);

    let before_the_look_up = cache.epoch();
    cache.forget(&event(EventKind::SessionEnded, None, &[("session", SessionId::to_string(&id(9)))]));
    cache.keep(before_the_look_up, digest(8), until(NOW.plus(SECOND), person(1, 9, 1)), NOW);

    assert_eq!(kept(&cache), []);
}

/// Two users; the first with two sessions in one organization, one of them with two tokens, and one
/// in another.
fn crowd() -> TokenCache {
    let cache = TokenCache::default();
    let tokens = [program(), person(1, 1, 1), person(1, 1, 1), person(1, 2, 1), person(1, 3, 2), person(2, 4, 1)];
    for (number, principal) in tokens.into_iter().enumerate() {
        keep(&cache, number, principal);
    }
    cache
}

fn left_after(kind: EventKind, organization: Option<u8>, subjects: &[(&str, String)]) -> Vec<usize> {
    let cache = crowd();
    cache.forget(&event(kind, organization.map(id), subjects));
    kept(&cache)
}

#[test]
fn the_end_of_a_session_ends_its_tokens_alone() {
    let session = [("session", SessionId::to_string(&id(1)))];

    assert_eq!(left_after(EventKind::SessionEnded, Some(1), &session), [0, 3, 4, 5]);
    assert_eq!(left_after(EventKind::SessionEnded, Some(1), &[]), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn what_happens_to_a_user_ends_its_tokens_where_it_happens() {
    let user = [("user", UserId::to_string(&id(1)))];

    assert_eq!(left_after(EventKind::UserSuspended, Some(1), &user), [0, 5]);
    assert_eq!(left_after(EventKind::UserRemoved, Some(1), &user), [0, 5]);
    assert_eq!(left_after(EventKind::MembershipAccessChanged, Some(1), &user), [0, 4, 5]);
    assert_eq!(left_after(EventKind::MembershipRemoved, Some(2), &user), [0, 1, 2, 3, 5]);
    assert_eq!(left_after(EventKind::UserUpdated, Some(1), &user), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn the_end_of_an_organization_ends_the_tokens_in_it() {
    assert_eq!(left_after(EventKind::OrganizationDeleted, Some(1), &[]), [0, 4]);
    assert_eq!(left_after(EventKind::OrganizationDeleted, None, &[]), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn a_session_has_a_few_tokens_the_newest_ones() {
    let cache = TokenCache::default();
    for number in 0..=MAX_TOKENS_OF_SESSION {
        keep(&cache, number, person(1, 1, 1));
    }
    assert_eq!(kept(&cache), (1..=MAX_TOKENS_OF_SESSION).collect::<Vec<_>>());
}

#[test]
fn a_full_cache_drops_what_has_expired_first() {
    let cache = TokenCache::default();
    keep(&cache, 2, person(1, 1, 1));
    cache.keep(cache.epoch(), digest(3), until(NOW.plus(SECOND * 2), person(1, 1, 1)), NOW);
    for number in 4..MAX_TOKENS + 2 {
        keep(&cache, number, program());
    }
    let later = NOW.plus(SECOND);
    cache.keep(cache.epoch(), digest(1), until(later.plus(SECOND), person(1, 1, 1)), later);

    let verified = cache.0.read().unwrap();
    assert_eq!(verified.tokens.len(), 2);
    assert_eq!(verified.of_sessions.values().flatten().count(), 2);
}
