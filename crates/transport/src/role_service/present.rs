use varco_application::storage::RoleSummary;
use varco_domain::RoleOrigin;
use varco_proto::v1;

use crate::fields::Fields;
use crate::present::{etag, timestamp};

/// A role as the wire shows it.
pub(super) fn role(summary: &RoleSummary) -> v1::Role {
    let RoleSummary { role, holders } = summary;
    let (origin, predefined_key) = match &role.origin {
        RoleOrigin::Predefined { catalog, key } => (v1::RoleOrigin::Predefined, format!("{catalog}:{key}")),
        RoleOrigin::Custom => (v1::RoleOrigin::Custom, String::new()),
    };
    v1::Role {
        role_id: role.id.to_string(),
        organization_id: role.organization.to_string(),
        name: role.name.as_str().to_owned(),
        description: role.description.as_str().to_owned(),
        permissions: role.permissions.iter().map(ToString::to_string).collect(),
        origin: origin.into(),
        predefined_key,
        permission_count: u32::try_from(role.permissions.len()).unwrap_or(u32::MAX),
        holder_count: *holders,
        create_time: Some(timestamp(role.created_at)),
        etag: etag(role.version),
    }
}

/// Reads a filter: whether only predefined or only custom roles are asked for.
pub(super) fn parse_origin(fields: &mut Fields, path: &str, number: i32) -> Option<bool> {
    match v1::RoleOrigin::try_from(number) {
        Ok(v1::RoleOrigin::Unspecified) => None,
        Ok(v1::RoleOrigin::Predefined) => Some(true),
        Ok(v1::RoleOrigin::Custom) => Some(false),
        Err(_) => fields.parse(path, Err("must be one of PREDEFINED, CUSTOM, or UNSPECIFIED for all")),
    }
}
