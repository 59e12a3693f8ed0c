use varco_application::users::{ListSentMails, list_sent_mails};
use varco_domain::{OrganizationId, UserId};
use varco_proto::v1::{ListSentMailsRequest, ListSentMailsResponse};

use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::mail_service::present::sent_mail;

pub(super) async fn call(call: &Call, request: &ListSentMailsRequest) -> Result<ListSentMailsResponse, Failure> {
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let user = fields.parse("user_id", UserId::parse(&request.user_id));
    let (after, limit) = (paging.after, paging.limit);
    let command = fields.finish(|| Some(ListSentMails { organization: organization?, user: user?, after, limit }))?;
    let page = list_sent_mails(&call.env, &command).await?;
    let next_page_token = call.next_page_token(&paging, &page, |mail| mail.id);
    Ok(ListSentMailsResponse { mails: page.items.iter().map(sent_mail).collect(), next_page_token })
}
