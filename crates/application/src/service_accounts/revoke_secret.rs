use varco_domain::{EventKind, OrganizationId, SecretId, ServiceAccountId};

use super::ServiceAccountError;
use super::lock::lock_account;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// A secret to revoke.
#[derive(Clone, Debug)]
pub struct RevokeSecret {
    /// What the account manages: an organization, or the platform.
    pub organization: Option<OrganizationId>,
    /// The account.
    pub account: ServiceAccountId,
    /// The secret.
    pub secret: SecretId,
    /// Whether it happens.
    pub mode: Mode,
}

/// Revokes a secret with every token issued for it, at once.
pub async fn revoke_secret(
    env: &Environment,
    caller: &Caller,
    command: &RevokeSecret,
) -> Result<Written<()>, ServiceAccountError> {
    let mut write = Write::begin(env, caller).await?;
    let locked = lock_account(&mut write, command.organization, command.account).await?;
    let secrets = &locked.account.secrets;
    let secret = secrets.iter().find(|secret| secret.id == command.secret);
    let secret = secret.ok_or(ServiceAccountError::SecretNotFound)?;
    let now = write.now();
    let left = secrets.iter().filter(|other| other.id != secret.id && now < other.expires_at).count();
    locked.keep_an_operator(left, now)?;

    write.work().service_accounts().delete_secret(secret.id).await?;
    write.record(
        EventKind::SecretRevoked,
        command.organization,
        &[("service_account", &command.account), ("secret", &secret.id)],
        Change::deleted(secret),
    );
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: (), revision })
}
