//! `varco.v1.AssignmentService`.

mod alter;
mod bulk_assign;
mod list_assignments;

use tonic::{Request, Response, Status};
use varco_application::assignments::{AssignmentError, CellOutcome, CellRefusal};
use varco_domain::AssignmentRefused;
use varco_proto::v1;
use varco_proto::v1::ErrorReason;

use crate::call::unary;
use crate::failure::Failure;
use crate::gate::{Gate, organization_not_found};

/// The service.
pub(crate) struct AssignmentService {
    pub(crate) gate: Gate,
}

#[tonic::async_trait]
impl v1::assignment_service_server::AssignmentService for AssignmentService {
    type BulkAssignStream = bulk_assign::Answer;

    async fn grant_roles(
        &self,
        request: Request<v1::GrantRolesRequest>,
    ) -> Result<Response<v1::GrantRolesResponse>, Status> {
        unary!(self, request, alter::grant_roles)
    }

    async fn revoke_roles(
        &self,
        request: Request<v1::RevokeRolesRequest>,
    ) -> Result<Response<v1::RevokeRolesResponse>, Status> {
        unary!(self, request, alter::revoke_roles)
    }

    async fn enable_inheritance(
        &self,
        request: Request<v1::EnableInheritanceRequest>,
    ) -> Result<Response<v1::EnableInheritanceResponse>, Status> {
        unary!(self, request, alter::enable_inheritance)
    }

    async fn disable_inheritance(
        &self,
        request: Request<v1::DisableInheritanceRequest>,
    ) -> Result<Response<v1::DisableInheritanceResponse>, Status> {
        unary!(self, request, alter::disable_inheritance)
    }

    async fn break_inheritance(
        &self,
        request: Request<v1::BreakInheritanceRequest>,
    ) -> Result<Response<v1::BreakInheritanceResponse>, Status> {
        unary!(self, request, alter::break_inheritance)
    }

    async fn bulk_assign(
        &self,
        request: Request<v1::BulkAssignRequest>,
    ) -> Result<Response<Self::BulkAssignStream>, Status> {
        unary!(self, request, bulk_assign::call, bulk_assign::MAX_TIME)
    }

    async fn list_assignments(
        &self,
        request: Request<v1::ListAssignmentsRequest>,
    ) -> Result<Response<v1::ListAssignmentsResponse>, Status> {
        unary!(self, request, list_assignments::call)
    }
}

impl From<AssignmentError> for Failure {
    fn from(error: AssignmentError) -> Self {
        match error {
            AssignmentError::OrganizationNotFound => organization_not_found(),
            AssignmentError::SubjectNotFound => {
                Self::not_found(ErrorReason::SubjectNotFound, "no such user or service account")
            }
            AssignmentError::UnitNotFound => Self::not_found(ErrorReason::UnitNotFound, "no such unit"),
            AssignmentError::RoleNotFound => Self::not_found(ErrorReason::RoleNotFound, "no such role"),
            AssignmentError::Refused(refused) => refused.into(),
            AssignmentError::CellRefused(refusal) => cell_refused(&refusal),
            AssignmentError::RequestIdReused(error) => error.into(),
            AssignmentError::Access(error) => error.into(),
            AssignmentError::Storage(error) => Self::storage(error),
        }
    }
}

impl From<AssignmentRefused> for Failure {
    fn from(refused: AssignmentRefused) -> Self {
        let reason = match refused {
            AssignmentRefused::InheritedHere => ErrorReason::InheritedHere,
            AssignmentRefused::NoRolesHere => ErrorReason::NoRolesHere,
            AssignmentRefused::NotPropagating => ErrorReason::NotPropagating,
            AssignmentRefused::NotInherited => ErrorReason::NotInherited,
        };
        Self::precondition(reason, refused.to_string())
    }
}

fn cell_refused(refusal: &CellRefusal) -> Failure {
    let message = "a cell was refused and nothing was changed; `validate_only` shows all refused cells, \
                   `on_refused` SKIP leaves them out";
    Failure::precondition(ErrorReason::CellRefused, message)
        .with("subject_id", refusal.subject)
        .with("unit_id", refusal.unit)
        .with("role_id", refusal.role)
        .with("outcome", outcome_name(refusal.outcome))
}

fn outcome(outcome: CellOutcome) -> v1::CellOutcome {
    match outcome {
        CellOutcome::Changed => v1::CellOutcome::Changed,
        CellOutcome::Unchanged => v1::CellOutcome::Unchanged,
        CellOutcome::InheritedHere => v1::CellOutcome::InheritedHere,
        CellOutcome::NoSuchSubject => v1::CellOutcome::NoSuchSubject,
        CellOutcome::NoSuchUnit => v1::CellOutcome::NoSuchUnit,
        CellOutcome::NoSuchRole => v1::CellOutcome::NoSuchRole,
    }
}

fn outcome_name(refused: CellOutcome) -> &'static str {
    let name = outcome(refused).as_str_name();
    name.strip_prefix("CELL_OUTCOME_").unwrap_or(name)
}
