use varco_domain::{
    EventKind, MAX_ACTIVE_SECRETS, OrganizationId, SecretTtl, ServiceAccount, ServiceAccountId, ServiceSecret,
};

use super::ServiceAccountError;
use super::lock::lock_account;
use crate::storage::StorageError;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, PlainSecret, Written};

/// A secret to create.
#[derive(Clone, Debug)]
pub struct CreateSecret {
    /// What the account manages: an organization, or the platform.
    pub organization: Option<OrganizationId>,
    /// The account.
    pub account: ServiceAccountId,
    /// How long the secret works.
    pub ttl: SecretTtl,
}

/// A secret with its value, which is shown this once.
#[derive(Clone, Debug)]
pub struct NewSecret {
    /// What is kept of it.
    pub secret: ServiceSecret,
    /// Its value.
    pub plain_secret: PlainSecret,
}

/// Adds a secret, so that another one can be replaced without a gap.
pub async fn create_secret(
    env: &Environment,
    caller: &Caller,
    command: &CreateSecret,
) -> Result<Written<NewSecret>, ServiceAccountError> {
    let mut write = Write::begin(env, caller).await?;
    let account = lock_account(&mut write, command.organization, command.account).await?.account;
    if account.active_secrets(write.now()) >= MAX_ACTIVE_SECRETS {
        return Err(ServiceAccountError::TooManySecrets);
    }
    let value = add_secret(&mut write, env, &account, command.ttl).await?;
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value, revision })
}

/// Stores a new secret of an account that is locked.
pub(super) async fn add_secret(
    write: &mut Write<'_>,
    env: &Environment,
    account: &ServiceAccount,
    ttl: SecretTtl,
) -> Result<NewSecret, StorageError> {
    let plain_secret = env.secrets.generate_secret();
    let created_at = write.now();
    let secret =
        ServiceSecret { id: env.new_id(), created_at, expires_at: created_at.plus(ttl.get()), last_used_at: None };
    let digest = env.secrets.digest(plain_secret.expose());
    write.work().service_accounts().insert_secret(account.id, &secret, &digest).await?;
    write.record(
        EventKind::SecretCreated,
        account.organization,
        &[("service_account", &account.id), ("secret", &secret.id)],
        Change::created(&secret),
    );
    Ok(NewSecret { secret, plain_secret })
}
