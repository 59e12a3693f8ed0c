use varco_application::service_accounts::{ListServiceAccounts, list_service_accounts};
use varco_domain::ServiceAccountId;
use varco_proto::v1::{ListServiceAccountsRequest, ListServiceAccountsResponse};

use super::{parse, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::paging::Paging;

pub(super) async fn call(
    call: &Call,
    request: &ListServiceAccountsRequest,
) -> Result<ListServiceAccountsResponse, Failure> {
    let mut fields = Fields::default();
    let paging: Paging<ServiceAccountId> = call.paging(request, &mut fields)?;
    let organization = parse::owner(&mut fields, &request.organization_id);
    let command =
        fields.finish(|| Some(ListServiceAccounts { organization, after: paging.after, limit: paging.limit }))?;
    let page = list_service_accounts(&call.env, &command).await?;
    let next_page_token = call.next_page_token(&paging, &page, |account| account.id);
    let service_accounts = page.items.iter().map(present::service_account).collect();
    Ok(ListServiceAccountsResponse { service_accounts, next_page_token })
}
