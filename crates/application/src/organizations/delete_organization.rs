mod members;

use varco_domain::{EventKind, OrganizationId, Revision, Version};

use super::OrganizationError;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode};

/// An organization to delete.
#[derive(Clone, Copy, Debug)]
pub struct DeleteOrganization {
    /// The organization.
    pub organization: OrganizationId,
    /// As it was read.
    pub version: Version,
    /// Whether it happens.
    pub mode: Mode,
}

/// Deletes an organization with all it owns: the accounts that live there, with their memberships
/// elsewhere, its units, roles and service accounts. Its events stay.
pub async fn delete_organization(
    env: &Environment,
    caller: &Caller,
    command: &DeleteOrganization,
) -> Result<Revision, OrganizationError> {
    let id = command.organization;
    let mut write = Write::begin(env, caller).await?;
    let reach = members::organizations_of_accounts(&mut write, id).await?;
    // Every organization that loses a member, and the one to delete.
    let locked = write.lock_all(reach.iter().copied()).await?;
    let organization = locked.into_iter().find(|it| it.id == id).ok_or(OrganizationError::OrganizationNotFound)?;
    if organization.version != command.version {
        return Err(OrganizationError::Stale);
    }
    if write.work().organizations().has_children(id).await? {
        return Err(OrganizationError::HasChildren);
    }

    members::remove_accounts(&mut write, id, &reach).await?;
    members::record_departures(&mut write, id).await?;
    write.work().organizations().delete(id).await?;
    let deleted = Change::deleted(&organization);
    write.record(EventKind::OrganizationDeleted, Some(id), &[("organization", &id)], deleted);
    Ok(write.finish(command.mode).await?)
}
