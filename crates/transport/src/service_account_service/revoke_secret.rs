use varco_application::service_accounts::{RevokeSecret, revoke_secret};
use varco_domain::{SecretId, ServiceAccountId};
use varco_proto::v1::{RevokeSecretRequest, RevokeSecretResponse};

use super::parse;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(call: &Call, request: &RevokeSecretRequest) -> Result<RevokeSecretResponse, Failure> {
    let command = parse(request)?;
    let written = revoke_secret(&call.env, &call.caller, &command).await?;
    Ok(RevokeSecretResponse { revision: written.revision.get() })
}

fn parse(request: &RevokeSecretRequest) -> Result<RevokeSecret, Failure> {
    let mut fields = Fields::default();
    let organization = parse::owner(&mut fields, &request.organization_id);
    let account = fields.parse("service_account_id", ServiceAccountId::parse(&request.service_account_id));
    let secret = fields.parse("secret_id", SecretId::parse(&request.secret_id));
    let mode = mode(request.validate_only);
    fields.finish(|| Some(RevokeSecret { organization, account: account?, secret: secret?, mode }))
}
