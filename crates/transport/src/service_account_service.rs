//! `varco.v1.ServiceAccountService`.

mod create_secret;
mod create_service_account;
mod delete_service_account;
mod list_service_accounts;
mod parse;
mod present;
mod revoke_secret;

use tonic::{Request, Response, Status};
use varco_application::service_accounts::ServiceAccountError;
use varco_proto::v1;
use varco_proto::v1::ErrorReason;

use crate::call::unary;
use crate::failure::Failure;
use crate::gate::{Gate, organization_not_found};

/// The service.
pub(crate) struct ServiceAccountService {
    pub(crate) gate: Gate,
}

#[tonic::async_trait]
impl v1::service_account_service_server::ServiceAccountService for ServiceAccountService {
    async fn create_service_account(
        &self,
        request: Request<v1::CreateServiceAccountRequest>,
    ) -> Result<Response<v1::CreateServiceAccountResponse>, Status> {
        unary!(self, request, create_service_account::call)
    }

    async fn list_service_accounts(
        &self,
        request: Request<v1::ListServiceAccountsRequest>,
    ) -> Result<Response<v1::ListServiceAccountsResponse>, Status> {
        unary!(self, request, list_service_accounts::call)
    }

    async fn create_secret(
        &self,
        request: Request<v1::CreateSecretRequest>,
    ) -> Result<Response<v1::CreateSecretResponse>, Status> {
        unary!(self, request, create_secret::call)
    }

    async fn revoke_secret(
        &self,
        request: Request<v1::RevokeSecretRequest>,
    ) -> Result<Response<v1::RevokeSecretResponse>, Status> {
        unary!(self, request, revoke_secret::call)
    }

    async fn delete_service_account(
        &self,
        request: Request<v1::DeleteServiceAccountRequest>,
    ) -> Result<Response<v1::DeleteServiceAccountResponse>, Status> {
        unary!(self, request, delete_service_account::call)
    }
}

impl From<ServiceAccountError> for Failure {
    fn from(error: ServiceAccountError) -> Self {
        match error {
            ServiceAccountError::OrganizationNotFound => organization_not_found(),
            ServiceAccountError::ServiceAccountNotFound => {
                Self::not_found(ErrorReason::ServiceAccountNotFound, "no such service account")
            }
            ServiceAccountError::SecretNotFound => {
                Self::not_found(ErrorReason::SecretNotFound, "no such secret of this service account")
            }
            ServiceAccountError::NameTaken => Self::already_exists(
                ErrorReason::ServiceAccountNameTaken,
                "another service account has that username; choose another",
            ),
            ServiceAccountError::TooManySecrets => Self::precondition(
                ErrorReason::TooManySecrets,
                "the service account has two secrets that work; revoke one first",
            ),
            ServiceAccountError::LastOperator => Self::precondition(
                ErrorReason::LastOperator,
                "it is the last operator credential that works; create another one first",
            ),
            ServiceAccountError::Storage(error) => Self::storage(error),
        }
    }
}
