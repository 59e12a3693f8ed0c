use varco_domain::{CatalogKey, EventKind, OrganizationId, RoleId};

use super::CatalogError;
use super::predefined_roles::create_predefined_roles;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// A subscription to make.
#[derive(Clone, Debug)]
pub struct Subscribe {
    /// The organization.
    pub organization: OrganizationId,
    /// The catalog.
    pub catalog: CatalogKey,
    /// Whether it happens.
    pub mode: Mode,
}

/// Lets an organization use a catalog and creates its predefined roles there. Gives those created.
pub async fn subscribe(
    env: &Environment,
    caller: &Caller,
    command: &Subscribe,
) -> Result<Written<Vec<RoleId>>, CatalogError> {
    let (id, key) = (command.organization, &command.catalog);
    let mut write = Write::begin(env, caller).await?;
    let catalog = write.work().catalogs().lock(key).await?;
    let organization = write.lock(id).await?.ok_or(CatalogError::OrganizationNotFound)?;
    let catalog = catalog.ok_or(CatalogError::CatalogNotFound)?;
    if organization.catalogs.contains(key) {
        return Err(CatalogError::AlreadySubscribed);
    }

    write.work().organizations().subscribe(id, key).await?;
    write.record(EventKind::CatalogSubscribed, Some(id), &[("catalog", key)], Change::default());
    let roles = create_predefined_roles(env, &mut write, id, key, &catalog.predefined_roles).await?;
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: roles, revision })
}
