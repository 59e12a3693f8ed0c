use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use varco_application::Claims;
use varco_domain::{OrganizationId, SessionId, Timestamp, UserId};

use super::TokenScope;

/// How far the clocks of two replicas may be apart.
const LEEWAY: Duration = Duration::from_secs(5);

/// No token of ours works longer, and no key is published longer after its last signature.
const MAX_LIFE: Duration = Duration::from_hours(1);

/// What is written into a token.
#[derive(Serialize)]
pub(super) struct Payload<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: String,
    sid: String,
    org: String,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl<'a> Payload<'a> {
    pub(super) fn new(scope: &'a TokenScope, claims: &Claims) -> Self {
        Self {
            iss: &scope.issuer,
            aud: &scope.audience,
            sub: claims.user.to_string(),
            sid: claims.session.to_string(),
            org: claims.organization.to_string(),
            jti: claims.id.to_string(),
            iat: claims.issued_at.as_seconds(),
            nbf: claims.issued_at.as_seconds(),
            exp: claims.expires_at.as_seconds(),
        }
    }
}

/// What a token says. Every field is there, once, and of its type, or it is none; further fields, of
/// a later version of ours, are passed over.
#[derive(Deserialize)]
pub(super) struct UnverifiedPayload {
    iss: String,
    aud: Audience,
    sub: String,
    sid: String,
    org: String,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// RFC 7519 section 4.1.3.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl UnverifiedPayload {
    /// What it says, if it is ours, for us, and for now.
    pub(super) fn verified(self, scope: &TokenScope, now: Timestamp) -> Option<Claims> {
        let times = self.times()?;
        if self.iss != scope.issuer || !self.aud.contains(&scope.audience) || !times.contain(now) {
            return None;
        }
        Some(Claims {
            user: UserId::parse(&self.sub).ok()?,
            session: SessionId::parse(&self.sid).ok()?,
            organization: OrganizationId::parse(&self.org).ok()?,
            id: parse_id(&self.jti)?,
            issued_at: times.issued_at,
            expires_at: times.expires_at,
        })
    }

    fn times(&self) -> Option<Times> {
        Some(Times {
            issued_at: Timestamp::from_seconds(self.iat)?,
            not_before: Timestamp::from_seconds(self.nbf)?,
            expires_at: Timestamp::from_seconds(self.exp)?,
        })
    }
}

impl Audience {
    fn contains(&self, audience: &str) -> bool {
        match self {
            Self::One(only) => only == audience,
            Self::Several(several) => several.iter().any(|one| one == audience),
        }
    }
}

struct Times {
    issued_at: Timestamp,
    not_before: Timestamp,
    expires_at: Timestamp,
}

impl Times {
    fn contain(&self, now: Timestamp) -> bool {
        let soon = now.plus(LEEWAY);
        let has_begun = self.issued_at <= soon && self.not_before <= soon;
        let is_in_order = self.issued_at <= self.not_before && self.not_before < self.expires_at;
        let is_short = self.expires_at <= self.issued_at.plus(MAX_LIFE);
        has_begun && is_in_order && is_short && now < self.expires_at.plus(LEEWAY)
    }
}

/// Only the canonical form, so equal identifiers are equal texts.
fn parse_id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|id| id.to_string() == text)
}
