use varco_application::mails::{ListMails, list_mails};
use varco_application::storage::MailQuery;
use varco_domain::OrganizationId;
use varco_proto::v1::{ListMailsRequest, ListMailsResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

pub(super) async fn call(call: &Call, request: &ListMailsRequest) -> Result<ListMailsResponse, Failure> {
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let organization = fields.parse_optional("organization_id", &request.organization_id, OrganizationId::parse);
    let status = present::parse_status(&mut fields, "status", request.status);
    let (after, limit) = (paging.after, paging.limit);
    let query = fields.finish(|| Some(MailQuery { organization, user: None, status, after, limit }))?;
    let page = list_mails(&call.env, &ListMails { query }).await?;
    let next_page_token = call.next_page_token(&paging, &page, |mail| mail.id);
    Ok(ListMailsResponse { mails: page.items.iter().map(present::mail).collect(), next_page_token })
}
