use varco_domain::{EventKind, OrganizationId, SecretTtl, ServiceAccount, Username};

use super::create_secret::add_secret;
use super::lock::lock_owner;
use super::{NewSecret, ServiceAccountError};
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, PlainSecret, Written};

/// A service account to create.
#[derive(Clone, Debug)]
pub struct CreateServiceAccount {
    /// What it manages: an organization, or the platform.
    pub organization: Option<OrganizationId>,
    /// Its name.
    pub username: Username,
    /// How long its first secret works.
    pub secret_ttl: SecretTtl,
}

/// A service account with the secret that is shown this once.
#[derive(Clone, Debug)]
pub struct NewServiceAccount {
    /// The account.
    pub account: ServiceAccount,
    /// Its first secret.
    pub plain_secret: PlainSecret,
}

/// Creates a service account with its first secret.
pub async fn create_service_account(
    env: &Environment,
    caller: &Caller,
    command: &CreateServiceAccount,
) -> Result<Written<NewServiceAccount>, ServiceAccountError> {
    let mut write = Write::begin(env, caller).await?;
    lock_owner(&mut write, command.organization).await?;
    let value = insert_account(&mut write, env, command).await?;
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value, revision })
}

/// Stores the account and its first secret. What it belongs to must be locked.
pub(super) async fn insert_account(
    write: &mut Write<'_>,
    env: &Environment,
    command: &CreateServiceAccount,
) -> Result<NewServiceAccount, ServiceAccountError> {
    let mut account = ServiceAccount {
        id: env.new_id(),
        username: command.username.clone(),
        organization: command.organization,
        secrets: Vec::new(),
        created_at: write.now(),
    };
    write.work().service_accounts().insert(&account).await?;
    write.record(
        EventKind::ServiceAccountCreated,
        account.organization,
        &[("service_account", &account.id)],
        Change::created(&account),
    );
    let NewSecret { secret, plain_secret } = add_secret(write, env, &account, command.secret_ttl).await?;
    account.secrets.push(secret);
    Ok(NewServiceAccount { account, plain_secret })
}
