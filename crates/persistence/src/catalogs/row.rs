use sea_orm::FromQueryResult;
use varco_application::storage::StorageError;
use varco_domain::{
    Catalog, CatalogKey, CatalogPermission, Description, Label, PermissionKey, PredefinedRole, PredefinedRoleKey,
    Timestamp,
};

use crate::codec::read_texts;
use crate::place::Place;

#[derive(FromQueryResult)]
pub(super) struct CatalogRow {
    key: String,
    display_name: String,
    version: i64,
    applied_at: i64,
}

#[derive(FromQueryResult)]
pub(super) struct OfferedRow {
    permission: String,
    description: String,
}

#[derive(FromQueryResult)]
pub(super) struct RoleRow {
    key: String,
    name: String,
    description: String,
    permissions: String,
}

impl TryFrom<CatalogRow> for Catalog {
    type Error = StorageError;

    /// Gives it without permissions and roles, which are rows of their own.
    fn try_from(row: CatalogRow) -> Result<Self, StorageError> {
        let at = Place::new("catalogs", &row.key);
        Ok(Self {
            key: at.read("key", CatalogKey::parse(&row.key))?,
            display_name: at.parsed("display_name", Label::parse(&row.display_name))?,
            version: at.parsed("version", row.version.try_into())?,
            permissions: Vec::new(),
            predefined_roles: Vec::new(),
            applied_at: Timestamp::from_micros(row.applied_at),
        })
    }
}

impl TryFrom<OfferedRow> for CatalogPermission {
    type Error = StorageError;

    fn try_from(row: OfferedRow) -> Result<Self, StorageError> {
        let at = Place::new("catalog_permissions", &row.permission);
        Ok(Self {
            key: at.read("permission", PermissionKey::parse(&row.permission))?,
            description: at.parsed("description", Description::parse(&row.description))?,
        })
    }
}

impl TryFrom<RoleRow> for PredefinedRole {
    type Error = StorageError;

    fn try_from(row: RoleRow) -> Result<Self, StorageError> {
        let at = Place::new("catalog_roles", &row.key);
        let permissions = read_texts(&row.permissions)
            .and_then(|keys| keys.iter().map(|key| PermissionKey::parse(key)).collect::<Option<_>>());
        Ok(Self {
            key: at.read("key", PredefinedRoleKey::parse(&row.key))?,
            name: at.parsed("name", Label::parse(&row.name))?,
            description: at.parsed("description", Description::parse(&row.description))?,
            permissions: at.read("permissions", permissions)?,
        })
    }
}
