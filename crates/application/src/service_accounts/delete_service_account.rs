use varco_domain::{EventKind, OrganizationId, ServiceAccountId, SubjectId};

use super::ServiceAccountError;
use super::lock::lock_account;
use crate::assignments::clear_subject;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// A service account to delete.
#[derive(Clone, Debug)]
pub struct DeleteServiceAccount {
    /// What it manages: an organization, or the platform.
    pub organization: Option<OrganizationId>,
    /// The account.
    pub account: ServiceAccountId,
    /// Whether it happens.
    pub mode: Mode,
}

/// Deletes a service account with its secrets, tokens and entries.
pub async fn delete_service_account(
    env: &Environment,
    caller: &Caller,
    command: &DeleteServiceAccount,
) -> Result<Written<()>, ServiceAccountError> {
    let mut write = Write::begin(env, caller).await?;
    let locked = lock_account(&mut write, command.organization, command.account).await?;
    locked.keep_an_operator(0, write.now())?;

    let account = &locked.account;
    if let Some(organization) = account.organization {
        clear_subject(&mut write, organization, SubjectId::ServiceAccount(account.id)).await?;
    }
    write.work().service_accounts().delete(account.id).await?;
    write.record(
        EventKind::ServiceAccountDeleted,
        account.organization,
        &[("service_account", &account.id)],
        Change::deleted(account),
    );
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: (), revision })
}
