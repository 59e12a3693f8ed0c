use varco_application::authentication::{IntrospectToken, ProvedToken, introspect_token};
use varco_application::{Identity, PlainSecret, Scope};
use varco_proto::v1::{IntrospectTokenRequest, IntrospectTokenResponse};

use crate::call::Call;
use crate::failure::Failure;
use crate::present::timestamp;

/// No field is malformed here: what cannot be a token is one that does not work.
pub(super) async fn call(call: &Call, request: &IntrospectTokenRequest) -> Result<IntrospectTokenResponse, Failure> {
    let command = IntrospectToken { unverified: PlainSecret::new(request.token.clone()) };
    let proved = introspect_token(&call.env, &call.caller, &command).await.map_err(Failure::storage)?;
    Ok(proved.as_ref().map(present).unwrap_or_default())
}

fn present(proved: &ProvedToken) -> IntrospectTokenResponse {
    let ProvedToken { principal, expires_at } = proved;
    let organization_id = match principal.scope {
        Scope::Organization(organization) | Scope::Member(organization) => organization.to_string(),
        Scope::Platform => String::new(),
    };
    let session_id = match principal.identity {
        Identity::User { session, .. } => session.to_string(),
        Identity::ServiceAccount { .. } => String::new(),
    };
    IntrospectTokenResponse {
        active: true,
        subject_id: principal.subject().to_string(),
        organization_id,
        session_id,
        expires_at: Some(timestamp(*expires_at)),
    }
}
