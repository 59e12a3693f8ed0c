use varco_application::licenses::{ListSeatHolders, list_seat_holders};
use varco_domain::OrganizationId;
use varco_proto::v1::{ListSeatHoldersRequest, ListSeatHoldersResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::user_service::present::user;

pub(super) async fn call(call: &Call, request: &ListSeatHoldersRequest) -> Result<ListSeatHoldersResponse, Failure> {
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let pool = present::parse_pool(&mut fields, "pool", request.pool);
    let command = fields.finish(|| {
        let (organization, pool) = (organization?, pool?);
        Some(ListSeatHolders { organization, pool, after: paging.after, limit: paging.limit })
    })?;
    let page = list_seat_holders(&call.env, &command).await?;
    let next_page_token = call.next_page_token(&paging, &page, |member| member.user.id);
    Ok(ListSeatHoldersResponse { users: page.items.iter().map(user).collect(), next_page_token })
}
