use varco_application::PlainSecret;
use varco_application::credentials::{UseLink, activate_account};
use varco_proto::v1::{ActivateAccountRequest, ActivateAccountResponse};

use crate::call::Call;
use crate::failure::Failure;

/// No token is malformed here: what cannot be one is one that nobody was mailed.
pub(super) async fn call(call: &Call, request: &ActivateAccountRequest) -> Result<ActivateAccountResponse, Failure> {
    let token = PlainSecret::new(request.token.clone());
    let password = PlainSecret::new(request.password.clone());
    let written = activate_account(&call.env, &call.caller, &UseLink { token, password }).await?;
    let username = written.value.username.as_str().to_owned();
    Ok(ActivateAccountResponse { username, revision: written.revision.get() })
}
