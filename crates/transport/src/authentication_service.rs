//! `varco.v1.AuthenticationService`.

mod activate_account;
mod change_password;
mod credential_error;
mod introspect_token;
mod issue_service_token;
mod origin;
mod password_reset;
mod present;
mod profile;
mod sessions;
mod sign_in;
mod sign_in_error;
mod sso;

use std::time::Duration;

use tonic::{Code, Request, Response, Status};
use varco_application::authentication::IssueServiceTokenError;
use varco_proto::v1;
use varco_proto::v1::ErrorReason;

use crate::call::unary;
use crate::failure::Failure;
use crate::gate::Gate;

/// The longest that single sign-on may take: it asks a program of somebody else.
const MAX_SSO_TIME: Duration = Duration::from_secs(10);

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

    async fn introspect_token(
        &self,
        request: Request<v1::IntrospectTokenRequest>,
    ) -> Result<Response<v1::IntrospectTokenResponse>, Status> {
        unary!(self, request, introspect_token::call)
    }

    async fn activate_account(
        &self,
        request: Request<v1::ActivateAccountRequest>,
    ) -> Result<Response<v1::ActivateAccountResponse>, Status> {
        unary!(self, request, activate_account::call)
    }

    async fn request_password_reset(
        &self,
        request: Request<v1::RequestPasswordResetRequest>,
    ) -> Result<Response<v1::RequestPasswordResetResponse>, Status> {
        unary!(self, request, password_reset::request)
    }

    async fn complete_password_reset(
        &self,
        request: Request<v1::CompletePasswordResetRequest>,
    ) -> Result<Response<v1::CompletePasswordResetResponse>, Status> {
        unary!(self, request, password_reset::complete)
    }

    async fn get_profile(
        &self,
        request: Request<v1::GetProfileRequest>,
    ) -> Result<Response<v1::GetProfileResponse>, Status> {
        unary!(self, request, profile::get)
    }

    async fn update_profile(
        &self,
        request: Request<v1::UpdateProfileRequest>,
    ) -> Result<Response<v1::UpdateProfileResponse>, Status> {
        unary!(self, request, profile::update)
    }

    async fn change_password(
        &self,
        request: Request<v1::ChangePasswordRequest>,
    ) -> Result<Response<v1::ChangePasswordResponse>, Status> {
        unary!(self, request, change_password::call)
    }

    async fn sign_in(&self, request: Request<v1::SignInRequest>) -> Result<Response<v1::SignInResponse>, Status> {
        unary!(self, request, sign_in::begin)
    }

    async fn continue_sign_in(
        &self,
        request: Request<v1::ContinueSignInRequest>,
    ) -> Result<Response<v1::ContinueSignInResponse>, Status> {
        unary!(self, request, sign_in::go_on)
    }

    async fn refresh_session(
        &self,
        request: Request<v1::RefreshSessionRequest>,
    ) -> Result<Response<v1::RefreshSessionResponse>, Status> {
        unary!(self, request, sessions::refresh)
    }

    async fn sign_out(&self, request: Request<v1::SignOutRequest>) -> Result<Response<v1::SignOutResponse>, Status> {
        unary!(self, request, sessions::end_own)
    }

    async fn list_sessions(
        &self,
        request: Request<v1::ListSessionsRequest>,
    ) -> Result<Response<v1::ListSessionsResponse>, Status> {
        unary!(self, request, sessions::list)
    }

    async fn revoke_session(
        &self,
        request: Request<v1::RevokeSessionRequest>,
    ) -> Result<Response<v1::RevokeSessionResponse>, Status> {
        unary!(self, request, sessions::revoke)
    }

    async fn select_organization(
        &self,
        request: Request<v1::SelectOrganizationRequest>,
    ) -> Result<Response<v1::SelectOrganizationResponse>, Status> {
        unary!(self, request, sign_in::select)
    }

    async fn begin_sso(&self, request: Request<v1::BeginSsoRequest>) -> Result<Response<v1::BeginSsoResponse>, Status> {
        unary!(self, request, sso::begin, MAX_SSO_TIME)
    }

    async fn complete_sso(
        &self,
        request: Request<v1::CompleteSsoRequest>,
    ) -> Result<Response<v1::CompleteSsoResponse>, Status> {
        unary!(self, request, sso::complete, MAX_SSO_TIME)
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
