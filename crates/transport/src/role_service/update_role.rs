use varco_application::roles::{UpdateRole, update_role};
use varco_domain::{Description, Label, OrganizationId, RoleId};
use varco_proto::v1::{UpdateRoleRequest, UpdateRoleResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

pub(super) async fn call(call: &Call, request: &UpdateRoleRequest) -> Result<UpdateRoleResponse, Failure> {
    let command = parse(request)?;
    let written = update_role(&call.env, &call.caller, &command).await?;
    Ok(UpdateRoleResponse { role: Some(present::role(&written.value)), revision: written.revision.get() })
}

fn parse(request: &UpdateRoleRequest) -> Result<UpdateRole, Failure> {
    let mut fields = Fields::default();
    let new = request.role.clone().unwrap_or_default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let role = fields.parse("role.role_id", RoleId::parse(&new.role_id));
    let version = fields.etag("role.etag", &new.etag);
    let (mut name, mut description) = (None, None);
    for path in fields.mask(request.update_mask.as_ref(), &["name", "description"]) {
        match path {
            "name" => name = fields.parse("role.name", Label::parse(&new.name)),
            _ => description = fields.parse("role.description", Description::parse(&new.description)),
        }
    }
    fields.finish(|| {
        let (organization, role, version) = (organization?, role?, version?);
        Some(UpdateRole { organization, role, version, name, description })
    })
}
