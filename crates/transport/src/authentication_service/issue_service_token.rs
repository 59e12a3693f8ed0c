use varco_application::PlainSecret;
use varco_application::authentication::{Credentials, issue_service_token};
use varco_proto::v1::{IssueServiceTokenRequest, IssueServiceTokenResponse};

use crate::call::Call;
use crate::failure::Failure;
use crate::present::duration;

/// No field is malformed here: what cannot be a client id is one that nobody has.
pub(super) async fn call(
    call: &Call,
    request: &IssueServiceTokenRequest,
) -> Result<IssueServiceTokenResponse, Failure> {
    let credentials = Credentials {
        client_id: request.client_id.clone(),
        unverified_secret: PlainSecret::new(request.client_secret.clone()),
    };
    let issued = issue_service_token(&call.env, &credentials).await?;
    Ok(IssueServiceTokenResponse {
        access_token: issued.token.expose().to_owned(),
        expires_in: Some(duration(issued.expires_in)),
    })
}
