use varco_application::roles::{SetPermissions, set_permissions};
use varco_domain::{OrganizationId, RoleId};
use varco_proto::v1::{SetPermissionsRequest, SetPermissionsResponse};

use super::{permissions, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(call: &Call, request: &SetPermissionsRequest) -> Result<SetPermissionsResponse, Failure> {
    let command = parse(request)?;
    let written = set_permissions(&call.env, &call.caller, &command).await?;
    Ok(SetPermissionsResponse { role: Some(present::role(&written.value)), revision: written.revision.get() })
}

fn parse(request: &SetPermissionsRequest) -> Result<SetPermissions, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let role = fields.parse("role_id", RoleId::parse(&request.role_id));
    let permissions = permissions::parse(&mut fields, &request.permissions, 0..=permissions::MAX);
    let version = fields.etag("etag", &request.etag);
    let mode = mode(request.validate_only);
    fields.finish(|| {
        let (organization, role, version) = (organization?, role?, version?);
        Some(SetPermissions { organization, role, version, permissions, mode })
    })
}
