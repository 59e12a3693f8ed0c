use prost::Message;
use uuid::Uuid;
use varco_application::Written;
use varco_application::organizations::{CreateOrganization, create_organization};
use varco_domain::{Label, Organization, OrganizationId, Policies};
use varco_proto::v1::{CreateOrganizationRequest, CreateOrganizationResponse};

use super::{policies, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::once::answer;

pub(super) async fn call(
    call: &Call,
    request: &CreateOrganizationRequest,
) -> Result<CreateOrganizationResponse, Failure> {
    let (command, request_id) = parse(request)?;
    let encode = |written: &Written<Organization>| present_created(written).encode_to_vec();
    let once = call.once(request, request_id, &encode);
    let outcome = create_organization(&call.env, &call.caller, &command, once.as_ref()).await?;
    answer(outcome, present_created)
}

fn parse(request: &CreateOrganizationRequest) -> Result<(CreateOrganization, Option<Uuid>), Failure> {
    let mut fields = Fields::default();
    let name = fields.parse("name", Label::parse(&request.name));
    let app_display_name = fields.parse_optional("app_display_name", &request.app_display_name, Label::parse);
    let parent_id = &request.parent_organization_id;
    let parent = fields.parse_optional("parent_organization_id", parent_id, OrganizationId::parse);
    let given = request.policies.as_ref();
    let policies = given.map_or_else(Policies::default, |given| policies::parse(&mut fields, "policies", given));
    let root_unit_name = fields.parse_optional("root_unit_name", &request.root_unit_name, Label::parse);
    let request_id = fields.request_id(&request.request_id);
    fields.finish(|| {
        let command = CreateOrganization { name: name?, app_display_name, parent, policies, root_unit_name };
        Some((command, request_id))
    })
}

fn present_created(written: &Written<Organization>) -> CreateOrganizationResponse {
    CreateOrganizationResponse {
        organization: Some(present::organization(&written.value)),
        revision: written.revision.get(),
    }
}
