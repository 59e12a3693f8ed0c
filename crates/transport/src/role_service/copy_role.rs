use prost::Message;
use uuid::Uuid;
use varco_application::Written;
use varco_application::roles::{CopyRole, copy_role};
use varco_application::storage::RoleSummary;
use varco_domain::{Label, OrganizationId, RoleId};
use varco_proto::v1::{CopyRoleRequest, CopyRoleResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};
use crate::once::answer;

pub(super) async fn call(call: &Call, request: &CopyRoleRequest) -> Result<CopyRoleResponse, Failure> {
    let (command, request_id) = parse(request)?;
    let encode = |written: &Written<RoleSummary>| present_copied(written).encode_to_vec();
    let once = call.once(request, request_id, &encode);
    let outcome = copy_role(&call.env, &call.caller, &command, once.as_ref()).await?;
    answer(outcome, present_copied)
}

fn parse(request: &CopyRoleRequest) -> Result<(CopyRole, Option<Uuid>), Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let role = fields.parse("role_id", RoleId::parse(&request.role_id));
    let name = fields.parse("name", Label::parse(&request.name));
    let request_id = fields.request_id(&request.request_id);
    let mode = mode(request.validate_only);
    fields.finish(|| {
        let command = CopyRole { organization: organization?, role: role?, name: name?, mode };
        Some((command, request_id))
    })
}

fn present_copied(written: &Written<RoleSummary>) -> CopyRoleResponse {
    CopyRoleResponse { role: Some(present::role(&written.value)), revision: written.revision.get() }
}
