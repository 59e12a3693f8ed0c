use varco_application::service_accounts::{CreateServiceAccount, create_service_account};
use varco_domain::Username;
use varco_proto::v1::{CreateServiceAccountRequest, CreateServiceAccountResponse};

use super::{parse, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

pub(super) async fn call(
    call: &Call,
    request: &CreateServiceAccountRequest,
) -> Result<CreateServiceAccountResponse, Failure> {
    let command = parse(request)?;
    let written = create_service_account(&call.env, &call.caller, &command).await?;
    Ok(CreateServiceAccountResponse {
        service_account: Some(present::service_account(&written.value.account)),
        client_secret: written.value.plain_secret.expose().to_owned(),
        revision: written.revision.get(),
    })
}

fn parse(request: &CreateServiceAccountRequest) -> Result<CreateServiceAccount, Failure> {
    let mut fields = Fields::default();
    let organization = parse::owner(&mut fields, &request.organization_id);
    let username = fields.parse("username", Username::parse(&request.username));
    let secret_ttl = parse::secret_ttl(&mut fields, request.secret_ttl.as_ref());
    fields.finish(|| Some(CreateServiceAccount { organization, username: username?, secret_ttl: secret_ttl? }))
}
