use varco_application::roles::{DeleteRole, delete_role};
use varco_domain::{OrganizationId, RoleId};
use varco_proto::v1::{DeleteRoleRequest, DeleteRoleResponse};

use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(call: &Call, request: &DeleteRoleRequest) -> Result<DeleteRoleResponse, Failure> {
    let command = parse(request)?;
    let written = delete_role(&call.env, &call.caller, &command).await?;
    Ok(DeleteRoleResponse { revoked_entries: written.value, revision: written.revision.get() })
}

fn parse(request: &DeleteRoleRequest) -> Result<DeleteRole, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let role = fields.parse("role_id", RoleId::parse(&request.role_id));
    let mode = mode(request.validate_only);
    fields.finish(|| Some(DeleteRole { organization: organization?, role: role?, force: request.force, mode }))
}
