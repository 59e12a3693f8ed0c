use varco_domain::{Catalog, CatalogPermission, PredefinedRole};
use varco_proto::v1;

use crate::present::timestamp;

/// A catalog as the wire shows it.
pub(super) fn catalog(catalog: &Catalog) -> v1::Catalog {
    v1::Catalog {
        catalog_key: catalog.key.to_string(),
        display_name: catalog.display_name.as_str().to_owned(),
        version: catalog.version,
        permissions: catalog.permissions.iter().map(permission).collect(),
        predefined_roles: catalog.predefined_roles.iter().map(predefined_role).collect(),
        apply_time: Some(timestamp(catalog.applied_at)),
    }
}

/// A permission as the wire shows it.
pub(super) fn permission(permission: &CatalogPermission) -> v1::CatalogPermission {
    v1::CatalogPermission { key: permission.key.to_string(), description: permission.description.as_str().to_owned() }
}

fn predefined_role(role: &PredefinedRole) -> v1::PredefinedRole {
    v1::PredefinedRole {
        key: role.key.to_string(),
        name: role.name.as_str().to_owned(),
        description: role.description.as_str().to_owned(),
        permissions: role.permissions.iter().map(ToString::to_string).collect(),
    }
}
