use varco_application::roles::{AddPermissions, add_permissions};
use varco_domain::{OrganizationId, RoleId};
use varco_proto::v1::{AddPermissionsRequest, AddPermissionsResponse};

use super::{permissions, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(call: &Call, request: &AddPermissionsRequest) -> Result<AddPermissionsResponse, Failure> {
    let command = parse(request)?;
    let written = add_permissions(&call.env, &call.caller, &command).await?;
    Ok(AddPermissionsResponse { role: Some(present::role(&written.value)), revision: written.revision.get() })
}

fn parse(request: &AddPermissionsRequest) -> Result<AddPermissions, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let role = fields.parse("role_id", RoleId::parse(&request.role_id));
    let permissions = permissions::parse(&mut fields, &request.permissions, 1..=permissions::MAX);
    let mode = mode(request.validate_only);
    fields.finish(|| Some(AddPermissions { organization: organization?, role: role?, permissions, mode }))
}
