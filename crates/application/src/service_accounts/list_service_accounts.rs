use varco_domain::{OrganizationId, ServiceAccount, ServiceAccountId};

use super::ServiceAccountError;
use crate::Environment;
use crate::storage::Page;

/// Service accounts to list.
#[derive(Clone, Debug)]
pub struct ListServiceAccounts {
    /// What they manage: an organization, or the platform.
    pub organization: Option<OrganizationId>,
    /// The last one seen.
    pub after: Option<ServiceAccountId>,
    /// How many at most.
    pub limit: usize,
}

/// Lists the service accounts of an organization, or the operators, oldest first.
pub async fn list_service_accounts(
    env: &Environment,
    command: &ListServiceAccounts,
) -> Result<Page<ServiceAccount>, ServiceAccountError> {
    let mut work = env.store.begin_read().await?;
    if let Some(organization) = command.organization {
        work.organizations().find(organization).await?.ok_or(ServiceAccountError::OrganizationNotFound)?;
    }
    Ok(work.service_accounts().list(command.organization, command.after, command.limit).await?)
}
