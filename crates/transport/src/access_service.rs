//! `varco.v1.AccessService`.

mod check;
mod explain;
mod list_permissions;
mod list_units;
mod list_users;

use tonic::{Code, Request, Response, Status};
use varco_application::access::AccessError;
use varco_proto::v1;
use varco_proto::v1::ErrorReason;

use crate::call::unary;
use crate::failure::Failure;
use crate::gate::Gate;

/// The service.
pub(crate) struct AccessService {
    pub(crate) gate: Gate,
}

#[tonic::async_trait]
impl v1::access_service_server::AccessService for AccessService {
    async fn check(&self, request: Request<v1::CheckRequest>) -> Result<Response<v1::CheckResponse>, Status> {
        self.gate.answer_quietly(&request, check::check).await
    }

    async fn batch_check(
        &self,
        request: Request<v1::BatchCheckRequest>,
    ) -> Result<Response<v1::BatchCheckResponse>, Status> {
        self.gate.answer_quietly(&request, check::batch_check).await
    }

    async fn list_permissions(
        &self,
        request: Request<v1::AccessServiceListPermissionsRequest>,
    ) -> Result<Response<v1::AccessServiceListPermissionsResponse>, Status> {
        unary!(self, request, list_permissions::call)
    }

    async fn list_units(
        &self,
        request: Request<v1::AccessServiceListUnitsRequest>,
    ) -> Result<Response<v1::AccessServiceListUnitsResponse>, Status> {
        unary!(self, request, list_units::call)
    }

    async fn list_users(
        &self,
        request: Request<v1::AccessServiceListUsersRequest>,
    ) -> Result<Response<v1::AccessServiceListUsersResponse>, Status> {
        unary!(self, request, list_users::call)
    }

    async fn explain(&self, request: Request<v1::ExplainRequest>) -> Result<Response<v1::ExplainResponse>, Status> {
        unary!(self, request, explain::call)
    }
}

impl From<AccessError> for Failure {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::StaleIndex => Self::new(
                Code::Unavailable,
                ErrorReason::StaleIndex,
                "this replica has lost contact with the log and does not answer; ask another one",
            ),
            AccessError::IndexBehind { reached } => Self::new(
                Code::Unavailable,
                ErrorReason::IndexBehind,
                "this replica did not reach `at_least` in time; retry, or ask another one",
            )
            .with("reached_revision", reached),
        }
    }
}
