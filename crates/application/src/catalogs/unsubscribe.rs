use varco_domain::{CatalogKey, EventKind, OrganizationId, PermissionKey, Revision};

use super::CatalogError;
use super::predefined_roles::delete_unheld_roles;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode};

/// A subscription to end.
#[derive(Clone, Debug)]
pub struct Unsubscribe {
    /// The organization.
    pub organization: OrganizationId,
    /// The catalog.
    pub catalog: CatalogKey,
    /// Whether it happens.
    pub mode: Mode,
}

/// Ends an organization's use of a catalog. Its predefined roles that nobody holds go along; any
/// other role that grants something of the catalog keeps it.
pub async fn unsubscribe(env: &Environment, caller: &Caller, command: &Unsubscribe) -> Result<Revision, CatalogError> {
    let (id, key) = (command.organization, &command.catalog);
    let mut write = Write::begin(env, caller).await?;
    let catalog = write.work().catalogs().lock(key).await?;
    let organization = write.lock(id).await?.ok_or(CatalogError::OrganizationNotFound)?;
    let catalog = catalog.ok_or(CatalogError::CatalogNotFound)?;
    if !organization.catalogs.contains(key) {
        return Err(CatalogError::NotSubscribed);
    }

    delete_unheld_roles(&mut write, id, key).await?;
    let offered: Vec<PermissionKey> = catalog.permissions.into_iter().map(|permission| permission.key).collect();
    let permissions = write.work().roles().granted_among(Some(id), &offered).await?;
    if !permissions.is_empty() {
        return Err(CatalogError::PermissionInUse { permissions });
    }
    write.work().organizations().unsubscribe(id, key).await?;
    write.record(EventKind::CatalogUnsubscribed, Some(id), &[("catalog", key)], Change::default());
    Ok(write.finish(command.mode).await?)
}
