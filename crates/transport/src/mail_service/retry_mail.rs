use varco_application::mails::{RetryMail, retry_mail};
use varco_domain::MailId;
use varco_proto::v1::{RetryMailRequest, RetryMailResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(call: &Call, request: &RetryMailRequest) -> Result<RetryMailResponse, Failure> {
    let mut fields = Fields::default();
    let mail = fields.parse("mail_id", MailId::parse(&request.mail_id));
    let command = fields.finish(|| Some(RetryMail { mail: mail?, mode: mode(request.validate_only) }))?;
    let written = retry_mail(&call.env, &call.caller, &command).await?;
    Ok(RetryMailResponse { mail: Some(present::mail(&written.value)), revision: written.revision.get() })
}
