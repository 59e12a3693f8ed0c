use varco_domain::{Organization, OrganizationId};

use super::OrganizationError;
use crate::storage::Page;
use crate::{Caller, Environment};

/// Organizations to list.
#[derive(Clone, Copy, Debug)]
pub struct ListOrganizations {
    /// Only the children of this one; `None` for all.
    pub parent: Option<OrganizationId>,
    /// The last one seen.
    pub after: Option<OrganizationId>,
    /// How many at most.
    pub limit: usize,
}

/// Gives one organization.
pub async fn find_organization(env: &Environment, id: OrganizationId) -> Result<Organization, OrganizationError> {
    let mut work = env.store.begin_read().await?;
    work.organizations().find(id).await?.ok_or(OrganizationError::OrganizationNotFound)
}

/// Lists organizations, oldest first: all for an operator, its own for any other caller.
pub async fn list_organizations(
    env: &Environment,
    caller: &Caller,
    command: &ListOrganizations,
) -> Result<Page<Organization>, OrganizationError> {
    let mut work = env.store.begin_read().await?;
    let Some(own) = caller.organization() else {
        return Ok(work.organizations().list(command.parent, command.after, command.limit).await?);
    };
    let found = work.organizations().find(own).await?;
    let is_asked_for = |found: &Organization| command.parent.is_none() || found.parent == command.parent;
    Ok(Page { items: found.into_iter().filter(is_asked_for).collect(), has_more: false })
}
