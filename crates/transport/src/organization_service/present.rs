use varco_domain::{Organization, Policies};
use varco_proto::v1;

use crate::present::{duration, etag, timestamp};

/// An organization as the wire shows it.
pub(super) fn organization(organization: &Organization) -> v1::Organization {
    let app_display_name = organization.app_display_name.as_ref();
    v1::Organization {
        organization_id: organization.id.to_string(),
        name: organization.name.as_str().to_owned(),
        app_display_name: app_display_name.map(|name| name.as_str().to_owned()).unwrap_or_default(),
        parent_organization_id: organization.parent.map(|parent| parent.to_string()).unwrap_or_default(),
        root_unit_id: organization.root_unit.to_string(),
        policies: Some(policies(&organization.policies)),
        catalog_keys: organization.catalogs.iter().map(ToString::to_string).collect(),
        create_time: Some(timestamp(organization.created_at)),
        etag: etag(organization.version),
    }
}

fn policies(policies: &Policies) -> v1::OrganizationPolicies {
    v1::OrganizationPolicies {
        activation_link_ttl: Some(duration(policies.activation_link_ttl)),
        pin_required: policies.pin_required,
        max_password_age: policies.max_password_age.map(duration),
        max_session_age: Some(duration(policies.max_session_age)),
    }
}
