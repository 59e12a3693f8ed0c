use varco_application::storage::{MemberFilter, MemberOrder, MemberQuery};
use varco_application::users::{ListUsers, UserPage, find_user, list_users};
use varco_domain::{Member, OrganizationId, SearchWords, UserId, Username};
use varco_proto::v1::{GetUserRequest, GetUserResponse, ListUsersRequest, ListUsersResponse, UserOrder};

use super::{parse, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, parse_instant};
use crate::paging::{PageKey, Paging};

pub(super) async fn get(call: &Call, request: &GetUserRequest) -> Result<GetUserResponse, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let user = fields.parse("user_id", UserId::parse(&request.user_id));
    let (organization, user) = fields.finish(|| Some((organization?, user?)))?;
    let member = find_user(&call.env, organization, user).await?;
    Ok(GetUserResponse { user: Some(present::user(&member)) })
}

/// The order decides what a page token holds. It is part of the query that the token is bound to, so
/// a token of the one order never opens in the other.
pub(super) async fn call(call: &Call, request: &ListUsersRequest) -> Result<ListUsersResponse, Failure> {
    match UserOrder::try_from(request.order_by) {
        Ok(UserOrder::Unspecified | UserOrder::CreateTime) => {
            let order = |after: Option<UserId>| MemberOrder::Created { after };
            list(call, request, order, |member| member.user.id).await
        }
        Ok(UserOrder::Username) => {
            let order = |after: Option<Username>| MemberOrder::Username { after };
            list(call, request, order, |member| member.user.username.clone()).await
        }
        Err(_) => {
            let mut fields = Fields::default();
            fields.problem("order_by", "must be one of CREATE_TIME, USERNAME");
            let order = |after: Option<UserId>| MemberOrder::Created { after };
            let paging = call.paging(request, &mut fields)?;
            parse(request, fields, order(paging.after), paging.limit).map(|_| ListUsersResponse::default())
        }
    }
}

async fn list<K: PageKey>(
    call: &Call,
    request: &ListUsersRequest,
    order: impl FnOnce(Option<K>) -> MemberOrder,
    key: impl FnOnce(&Member) -> K,
) -> Result<ListUsersResponse, Failure> {
    let mut fields = Fields::default();
    let mut paging: Paging<K> = call.paging(request, &mut fields)?;
    let command = parse(request, fields, order(paging.after.take()), paging.limit)?;
    let UserPage { page, total } = list_users(&call.env, &command).await?;
    let next_page_token = call.next_page_token(&paging, &page, key);
    let users = page.items.iter().map(present::user).collect();
    Ok(ListUsersResponse { users, next_page_token, total_size: total })
}

fn parse(
    request: &ListUsersRequest,
    mut fields: Fields,
    order: MemberOrder,
    limit: usize,
) -> Result<ListUsers, Failure> {
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let words = fields.parse("search", SearchWords::parse(&request.search));
    let status = parse::status_filter(&mut fields, request.status);
    let kind = parse::kind_filter(&mut fields, request.kind);
    let dormant_since = parse_instant(&mut fields, "dormant_since", request.dormant_since);
    fields.finish(|| {
        let filter = MemberFilter { words: words?, status, kind, dormant_since, ..MemberFilter::default() };
        let query = MemberQuery { filter, order, limit };
        Some(ListUsers { organization: organization?, query, with_total: request.with_total_size })
    })
}
