use varco_application::service_accounts::{DeleteServiceAccount, delete_service_account};
use varco_domain::ServiceAccountId;
use varco_proto::v1::{DeleteServiceAccountRequest, DeleteServiceAccountResponse};

use super::parse;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(
    call: &Call,
    request: &DeleteServiceAccountRequest,
) -> Result<DeleteServiceAccountResponse, Failure> {
    let mut fields = Fields::default();
    let organization = parse::owner(&mut fields, &request.organization_id);
    let account = fields.parse("service_account_id", ServiceAccountId::parse(&request.service_account_id));
    let mode = mode(request.validate_only);
    let command = fields.finish(|| Some(DeleteServiceAccount { organization, account: account?, mode }))?;
    let written = delete_service_account(&call.env, &call.caller, &command).await?;
    Ok(DeleteServiceAccountResponse { revision: written.revision.get() })
}
