use varco_application::service_accounts::{CreateSecret, create_secret};
use varco_domain::ServiceAccountId;
use varco_proto::v1::{CreateSecretRequest, CreateSecretResponse};

use super::{parse, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

pub(super) async fn call(call: &Call, request: &CreateSecretRequest) -> Result<CreateSecretResponse, Failure> {
    let command = parse(request)?;
    let written = create_secret(&call.env, &call.caller, &command).await?;
    Ok(CreateSecretResponse {
        secret: Some(present::secret(&written.value.secret)),
        client_secret: written.value.plain_secret.expose().to_owned(),
        revision: written.revision.get(),
    })
}

fn parse(request: &CreateSecretRequest) -> Result<CreateSecret, Failure> {
    let mut fields = Fields::default();
    let organization = parse::owner(&mut fields, &request.organization_id);
    let account = fields.parse("service_account_id", ServiceAccountId::parse(&request.service_account_id));
    let ttl = parse::secret_ttl(&mut fields, request.secret_ttl.as_ref());
    fields.finish(|| Some(CreateSecret { organization, account: account?, ttl: ttl? }))
}
