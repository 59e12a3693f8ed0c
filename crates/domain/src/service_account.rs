use std::time::Duration;

use crate::{OrganizationId, SecretId, ServiceAccountId, Timestamp, Username};

/// How many secrets of one account may work at a time: the one in use and its successor.
pub const MAX_ACTIVE_SECRETS: usize = 2;

/// A program that calls the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAccount {
    /// Names it.
    pub id: ServiceAccountId,
    /// Never changes.
    pub username: Username,
    /// What it manages: one organization, or the platform.
    pub organization: Option<OrganizationId>,
    /// Its secrets, oldest first, without their values.
    pub secrets: Vec<ServiceSecret>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// One secret of a service account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceSecret {
    /// Names it.
    pub id: SecretId,
    /// When it was created.
    pub created_at: Timestamp,
    /// From this instant it no longer works.
    pub expires_at: Timestamp,
    /// When a token was last issued for it.
    pub last_used_at: Option<Timestamp>,
}

impl ServiceAccount {
    /// How many of its secrets work now.
    pub fn active_secrets(&self, now: Timestamp) -> usize {
        self.secrets.iter().filter(|secret| now < secret.expires_at).count()
    }
}

/// How long a new secret works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretTtl(Duration);

/// The length is out of its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 hour to 366 days")]
pub struct SecretTtlError;

impl SecretTtl {
    /// Reads a length.
    pub fn parse(length: Duration) -> Result<Self, SecretTtlError> {
        let limits = Duration::from_hours(1)..=Duration::from_hours(366 * 24);
        limits.contains(&length).then_some(Self(length)).ok_or(SecretTtlError)
    }

    /// The length.
    pub const fn get(self) -> Duration {
        self.0
    }
}

impl Default for SecretTtl {
    /// 90 days.
    fn default() -> Self {
        Self(Duration::from_hours(90 * 24))
    }
}
