use std::collections::BTreeSet;

use crate::{
    CatalogKey, Description, Label, OrganizationId, PermissionKey, PredefinedRoleKey, RoleId, Timestamp, Version,
};

/// A named set of permissions of one organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Names it.
    pub id: RoleId,
    /// The organization.
    pub organization: OrganizationId,
    /// Unique in the organization.
    pub name: Label,
    /// What it is for.
    pub description: Description,
    /// What it grants.
    pub permissions: BTreeSet<PermissionKey>,
    /// Where it comes from.
    pub origin: RoleOrigin,
    /// When it was created.
    pub created_at: Timestamp,
    /// Of name, description and permissions.
    pub version: Version,
}

impl Role {
    /// How many permissions a role may grant. An event shows a role as it was and as it is, and must
    /// fit a message of 4 MiB even where every key has the greatest length.
    pub const MAX_PERMISSIONS: usize = 5_000;
}

/// Where a role comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleOrigin {
    /// It came with a catalog.
    Predefined {
        /// The catalog.
        catalog: CatalogKey,
        /// The role's name there.
        key: PredefinedRoleKey,
    },
    /// The organization made it.
    Custom,
}
