use varco_application::organizations::{ListOrganizations, find_organization, list_organizations};
use varco_domain::OrganizationId;
use varco_proto::v1::{
    GetOrganizationRequest, GetOrganizationResponse, ListOrganizationsRequest, ListOrganizationsResponse,
};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

pub(super) async fn get(call: &Call, request: &GetOrganizationRequest) -> Result<GetOrganizationResponse, Failure> {
    let mut fields = Fields::default();
    let id = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let organization = find_organization(&call.env, fields.finish(|| id)?).await?;
    Ok(GetOrganizationResponse { organization: Some(present::organization(&organization)) })
}

pub(super) async fn call(
    call: &Call,
    request: &ListOrganizationsRequest,
) -> Result<ListOrganizationsResponse, Failure> {
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let parent_id = &request.parent_organization_id;
    let parent = fields.parse_optional("parent_organization_id", parent_id, OrganizationId::parse);
    let command = fields.finish(|| Some(ListOrganizations { parent, after: paging.after, limit: paging.limit }))?;
    let page = list_organizations(&call.env, &call.caller, &command).await?;
    let next_page_token = call.next_page_token(&paging, &page, |organization| organization.id);
    let organizations = page.items.iter().map(present::organization).collect();
    Ok(ListOrganizationsResponse { organizations, next_page_token })
}
