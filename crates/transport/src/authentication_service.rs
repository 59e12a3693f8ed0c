//! `varco.v1.AuthenticationService`.

mod issue_service_token;

use tonic::{Code, Request, Response, Status};
use varco_application::authentication::IssueServiceTokenError;
use varco_proto::v1;
use varco_proto::v1::ErrorReason;

use crate::call::unary;
use crate::failure::Failure;
use crate::gate::Gate;

/// The service.
pub(crate) struct AuthenticationService {
    pub(crate) gate: Gate,
}

#[tonic::async_trait]
impl v1::authentication_service_server::AuthenticationService for AuthenticationService {
    async fn issue_service_token(
        &self,
        request: Request<v1::IssueServiceTokenRequest>,
    ) -> Result<Response<v1::IssueServiceTokenResponse>, Status> {
        unary!(self, request, issue_service_token::call)
    }
}

impl From<IssueServiceTokenError> for Failure {
    fn from(error: IssueServiceTokenError) -> Self {
        match error {
            // One answer, whatever it is that is wrong: it tells nobody which accounts exist.
            IssueServiceTokenError::CredentialsInvalid => Self::new(
                Code::Unauthenticated,
                ErrorReason::CredentialsInvalid,
                "the client id or the client secret is wrong, expired or revoked",
            ),
            IssueServiceTokenError::Storage(error) => Self::storage(error),
        }
    }
}
