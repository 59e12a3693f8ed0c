use varco_application::PlainSecret;
use varco_application::credentials::{UseLink, complete_password_reset, request_password_reset};
use varco_application::sign_in::Origin;
use varco_proto::v1::{
    CompletePasswordResetRequest, CompletePasswordResetResponse, RequestPasswordResetRequest,
    RequestPasswordResetResponse,
};

use crate::call::Call;
use crate::failure::Failure;

/// No name is malformed here: what cannot be one is one that nobody has.
pub(super) async fn request(
    call: &Call,
    request: &RequestPasswordResetRequest,
) -> Result<RequestPasswordResetResponse, Failure> {
    let claimed = request.client.as_ref().and_then(|client| client.address.parse().ok());
    let origin = Origin::of(&call.env, &call.caller, claimed, None);
    let requested = request_password_reset(&call.env, &origin, &request.username_or_email).await;
    if let Some(requested) = requested.map_err(Failure::storage)? {
        call.env.tasks.spawn(requested.mail());
    }
    Ok(RequestPasswordResetResponse {})
}

pub(super) async fn complete(
    call: &Call,
    request: &CompletePasswordResetRequest,
) -> Result<CompletePasswordResetResponse, Failure> {
    let token = PlainSecret::new(request.token.clone());
    let password = PlainSecret::new(request.password.clone());
    let written = complete_password_reset(&call.env, &call.caller, &UseLink { token, password }).await?;
    let username = written.value.username.as_str().to_owned();
    Ok(CompletePasswordResetResponse { username, revision: written.revision.get() })
}
