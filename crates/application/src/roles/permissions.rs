//! What a role may grant, and the one way in which that changes.

use std::collections::BTreeSet;

use varco_domain::{EventKind, OrganizationId, PermissionKey, Role};

use super::RoleError;
use crate::write::{Change, Write};

/// Refuses permissions that the organization, which must be locked, cannot grant. Names all of them.
pub(super) async fn refuse_unknown(
    write: &mut Write<'_>,
    organization: OrganizationId,
    permissions: &[PermissionKey],
) -> Result<(), RoleError> {
    let grantable = write.work().catalogs().grantable_among(organization, permissions).await?;
    let grantable: BTreeSet<PermissionKey> = grantable.into_iter().collect();
    let unknown = permissions.iter().enumerate().filter(|(_, key)| !grantable.contains(*key));
    let places: Vec<usize> = unknown.map(|(place, _)| place).collect();
    if places.is_empty() { Ok(()) } else { Err(RoleError::UnknownPermissions { places }) }
}

/// Refuses more permissions than a role may grant.
pub(super) fn refuse_too_many(permissions: &BTreeSet<PermissionKey>) -> Result<(), RoleError> {
    if permissions.len() > Role::MAX_PERMISSIONS { Err(RoleError::TooManyPermissions) } else { Ok(()) }
}

/// Lets a role grant exactly these; nothing happens if it does.
pub(super) async fn replace_permissions(
    write: &mut Write<'_>,
    before: Role,
    permissions: BTreeSet<PermissionKey>,
) -> Result<Role, RoleError> {
    if before.permissions == permissions {
        return Ok(before);
    }
    refuse_too_many(&permissions)?;
    let mut role = Role { permissions, ..before.clone() };
    write.work().roles().update(&mut role).await?;
    let change = Change::updated(&before, &role);
    write.record(EventKind::RolePermissionsChanged, Some(role.organization), &[("role", &role.id)], change);
    Ok(role)
}
