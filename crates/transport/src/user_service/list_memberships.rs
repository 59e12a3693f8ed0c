use varco_application::users::{ListMemberships, list_memberships};
use varco_domain::{OrganizationId, UserId};
use varco_proto::v1::{ListMembershipsRequest, ListMembershipsResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::paging::Paging;

pub(super) async fn call(call: &Call, request: &ListMembershipsRequest) -> Result<ListMembershipsResponse, Failure> {
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let command = parse(request, fields, &paging)?;
    let page = list_memberships(&call.env, &call.caller, &command).await?;
    let next_page_token = call.next_page_token(&paging, &page, |named| named.membership.organization);
    let memberships = page.items.iter().map(present::named_membership).collect();
    Ok(ListMembershipsResponse { memberships, next_page_token })
}

fn parse(
    request: &ListMembershipsRequest,
    mut fields: Fields,
    paging: &Paging<OrganizationId>,
) -> Result<ListMemberships, Failure> {
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let user = fields.parse("user_id", UserId::parse(&request.user_id));
    fields.finish(|| {
        let (after, limit) = (paging.after, paging.limit);
        Some(ListMemberships { organization: organization?, user: user?, after, limit })
    })
}
