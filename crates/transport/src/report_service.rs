//! `varco.v1.ReportService`.

mod list_failed_sign_ins;
mod list_security_issues;

use tonic::{Request, Response, Status};
use varco_application::reports::ReportError;
use varco_proto::v1;
use varco_proto::v1::ErrorReason;

use crate::call::unary;
use crate::failure::Failure;
use crate::gate::{Gate, organization_not_found};

/// The service.
pub(crate) struct ReportService {
    pub(crate) gate: Gate,
}

#[tonic::async_trait]
impl v1::report_service_server::ReportService for ReportService {
    async fn list_failed_sign_ins(
        &self,
        request: Request<v1::ListFailedSignInsRequest>,
    ) -> Result<Response<v1::ListFailedSignInsResponse>, Status> {
        unary!(self, request, list_failed_sign_ins::call)
    }

    async fn list_security_issues(
        &self,
        request: Request<v1::ListSecurityIssuesRequest>,
    ) -> Result<Response<v1::ListSecurityIssuesResponse>, Status> {
        unary!(self, request, list_security_issues::call)
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::OrganizationNotFound => organization_not_found(),
            ReportError::UserNotFound => Self::not_found(ErrorReason::UserNotFound, "no such user"),
            ReportError::Storage(error) => Self::storage(error),
        }
    }
}
