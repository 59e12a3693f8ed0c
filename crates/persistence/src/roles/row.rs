use sea_orm::{DbErr, FromQueryResult, QueryResult};
use uuid::Uuid;
use varco_application::storage::{RoleSummary, StorageError};
use varco_domain::{
    CatalogKey, Description, Label, OrganizationId, PredefinedRoleKey, Role, RoleId, RoleOrigin, Timestamp, Version,
};

use crate::permissions::split_permissions;
use crate::place::Place;

macro_rules! columns {
    () => {
        "organization_id, id, name, description, catalog_key, predefined_key, created_at, version, \
         (SELECT string_agg(permission, ' ') FROM role_permissions p \
         WHERE p.organization_id = roles.organization_id AND p.role_id = roles.id) AS permissions"
    };
}

/// Roles of the organization `$1`.
pub(super) const SELECT: &str = concat!("SELECT ", columns!(), " FROM roles WHERE organization_id = $1");

/// Roles of the organization `$1` with how many hold each.
pub(super) const SELECT_SUMMARIES: &str = concat!(
    "SELECT ",
    columns!(),
    ", (SELECT COUNT(DISTINCT subject_id) FROM entry_roles e \
     WHERE e.organization_id = roles.organization_id AND e.role_id = roles.id) AS holders \
     FROM roles WHERE organization_id = $1",
);

#[derive(FromQueryResult)]
pub(super) struct RoleRow {
    organization_id: Uuid,
    id: Uuid,
    name: String,
    description: String,
    catalog_key: Option<String>,
    predefined_key: Option<String>,
    created_at: i64,
    version: i64,
    permissions: Option<String>,
}

pub(super) struct SummaryRow {
    role: RoleRow,
    holders: i64,
}

impl FromQueryResult for SummaryRow {
    fn from_query_result(result: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self { role: RoleRow::from_query_result(result, prefix)?, holders: result.try_get(prefix, "holders")? })
    }
}

impl TryFrom<RoleRow> for Role {
    type Error = StorageError;

    fn try_from(row: RoleRow) -> Result<Self, StorageError> {
        let id = RoleId::from_uuid(row.id);
        let at = Place::new("roles", id);
        Ok(Self {
            id,
            organization: OrganizationId::from_uuid(row.organization_id),
            name: at.parsed("name", Label::parse(&row.name))?,
            description: at.parsed("description", Description::parse(&row.description))?,
            permissions: at.read("permissions", split_permissions(row.permissions.as_deref()))?,
            origin: at.read("predefined_key", origin(row.catalog_key.as_deref(), row.predefined_key.as_deref()))?,
            created_at: Timestamp::from_micros(row.created_at),
            version: Version::new(row.version),
        })
    }
}

fn origin(catalog: Option<&str>, key: Option<&str>) -> Option<RoleOrigin> {
    match (catalog, key) {
        (Some(catalog), Some(key)) => {
            Some(RoleOrigin::Predefined { catalog: CatalogKey::parse(catalog)?, key: PredefinedRoleKey::parse(key)? })
        }
        (None, None) => Some(RoleOrigin::Custom),
        _ => None,
    }
}

impl TryFrom<SummaryRow> for RoleSummary {
    type Error = StorageError;

    fn try_from(row: SummaryRow) -> Result<Self, StorageError> {
        let holders = u32::try_from(row.holders).unwrap_or(u32::MAX);
        Ok(Self { role: row.role.try_into()?, holders })
    }
}
