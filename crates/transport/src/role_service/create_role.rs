use prost::Message;
use uuid::Uuid;
use varco_application::Written;
use varco_application::roles::{CreateRole, create_role};
use varco_application::storage::RoleSummary;
use varco_domain::{Description, Label, OrganizationId};
use varco_proto::v1::{CreateRoleRequest, CreateRoleResponse};

use super::{permissions, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};
use crate::once::answer;

pub(super) async fn call(call: &Call, request: &CreateRoleRequest) -> Result<CreateRoleResponse, Failure> {
    let (command, request_id) = parse(request)?;
    let encode = |written: &Written<RoleSummary>| present_created(written).encode_to_vec();
    let once = call.once(request, request_id, &encode);
    let outcome = create_role(&call.env, &call.caller, &command, once.as_ref()).await?;
    answer(outcome, present_created)
}

fn parse(request: &CreateRoleRequest) -> Result<(CreateRole, Option<Uuid>), Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let name = fields.parse("name", Label::parse(&request.name));
    let description = fields.parse("description", Description::parse(&request.description));
    let permissions = permissions::parse(&mut fields, &request.permissions, 0..=permissions::MAX);
    let request_id = fields.request_id(&request.request_id);
    let mode = mode(request.validate_only);
    fields.finish(|| {
        let (organization, name, description) = (organization?, name?, description?);
        Some((CreateRole { organization, name, description, permissions, mode }, request_id))
    })
}

fn present_created(written: &Written<RoleSummary>) -> CreateRoleResponse {
    CreateRoleResponse { role: Some(present::role(&written.value)), revision: written.revision.get() }
}
