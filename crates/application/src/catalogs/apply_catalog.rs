use std::collections::BTreeSet;

use varco_domain::{
    Catalog, CatalogKey, CatalogPermission, EventKind, Label, PermissionKey, PredefinedRole, PredefinedRoleKey,
};

use super::CatalogError;
use super::predefined_roles::create_predefined_roles;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// A catalog to apply, whole.
#[derive(Clone, Debug)]
pub struct ApplyCatalog {
    /// Names it.
    pub key: CatalogKey,
    /// For people.
    pub display_name: Label,
    /// A later one replaces an earlier one.
    pub version: u32,
    /// Sorted by key, each key once, all of this catalog.
    pub permissions: Vec<CatalogPermission>,
    /// Each key once; they grant permissions of this catalog.
    pub predefined_roles: Vec<PredefinedRole>,
    /// Whether it happens.
    pub mode: Mode,
}

/// Creates or replaces a catalog; the same content again changes nothing. Predefined roles that
/// are new reach every subscriber.
pub async fn apply_catalog(
    env: &Environment,
    caller: &Caller,
    command: &ApplyCatalog,
) -> Result<Written<Catalog>, CatalogError> {
    let mut write = Write::begin(env, caller).await?;
    let before = write.work().catalogs().lock(&command.key).await?;
    let mut catalog = build(command, &write);
    match &before {
        None => write.work().catalogs().insert(&catalog).await?,
        Some(before) if has_same_content(before, &catalog) => catalog.applied_at = before.applied_at,
        Some(before) if catalog.version <= before.version => {
            return Err(CatalogError::VersionNotNewer { applied: before.version });
        }
        Some(before) => replace(env, &mut write, before, &catalog).await?,
    }

    if before.as_ref() != Some(&catalog) {
        let change = Change::between(before.as_ref(), Some(&catalog));
        write.record(EventKind::CatalogApplied, None, &[("catalog", &catalog.key)], change);
    }
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: catalog, revision })
}

fn build(command: &ApplyCatalog, write: &Write<'_>) -> Catalog {
    Catalog {
        key: command.key.clone(),
        display_name: command.display_name.clone(),
        version: command.version,
        permissions: command.permissions.clone(),
        predefined_roles: command.predefined_roles.clone(),
        applied_at: write.now(),
    }
}

/// The version is part of the content, the time is not.
fn has_same_content(before: &Catalog, after: &Catalog) -> bool {
    *before == Catalog { applied_at: before.applied_at, ..after.clone() }
}

async fn replace(
    env: &Environment,
    write: &mut Write<'_>,
    before: &Catalog,
    after: &Catalog,
) -> Result<(), CatalogError> {
    let dropped = dropped_permissions(before, after);
    let added_roles = added_roles(before, after);
    let subscribers = write.work().organizations().subscribers(&after.key).await?;
    if !dropped.is_empty() || !added_roles.is_empty() {
        write.lock_all(subscribers.iter().copied()).await?;
    }
    // Only under the locks: until then a role may begin to grant what is dropped.
    let permissions = write.work().roles().granted_among(None, &dropped).await?;
    if !permissions.is_empty() {
        return Err(CatalogError::PermissionInUse { permissions });
    }
    write.work().catalogs().update(after).await?;
    if !added_roles.is_empty() {
        for organization in subscribers {
            create_predefined_roles(env, write, organization, &after.key, &added_roles).await?;
        }
    }
    Ok(())
}

fn dropped_permissions(before: &Catalog, after: &Catalog) -> Vec<PermissionKey> {
    let kept: BTreeSet<&PermissionKey> = after.permissions.iter().map(|permission| &permission.key).collect();
    let keys = before.permissions.iter().map(|permission| &permission.key);
    keys.filter(|key| !kept.contains(key)).cloned().collect()
}

fn added_roles(before: &Catalog, after: &Catalog) -> Vec<PredefinedRole> {
    let known: BTreeSet<&PredefinedRoleKey> = before.predefined_roles.iter().map(|role| &role.key).collect();
    after.predefined_roles.iter().filter(|role| !known.contains(&role.key)).cloned().collect()
}
