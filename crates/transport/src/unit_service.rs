//! `varco.v1.UnitService`.

mod create_unit;
mod delete_unit;
mod list_units;
mod move_unit;
mod present;
mod update_unit;

use tonic::{Request, Response, Status};
use varco_application::units::UnitError;
use varco_proto::v1;
use varco_proto::v1::ErrorReason;

use crate::call::unary;
use crate::failure::Failure;
use crate::gate::{Gate, organization_not_found};

/// The service.
pub(crate) struct UnitService {
    pub(crate) gate: Gate,
}

#[tonic::async_trait]
impl v1::unit_service_server::UnitService for UnitService {
    async fn create_unit(
        &self,
        request: Request<v1::CreateUnitRequest>,
    ) -> Result<Response<v1::CreateUnitResponse>, Status> {
        unary!(self, request, create_unit::call)
    }

    async fn get_unit(&self, request: Request<v1::GetUnitRequest>) -> Result<Response<v1::GetUnitResponse>, Status> {
        unary!(self, request, list_units::get)
    }

    async fn list_units(
        &self,
        request: Request<v1::ListUnitsRequest>,
    ) -> Result<Response<v1::ListUnitsResponse>, Status> {
        unary!(self, request, list_units::call)
    }

    async fn update_unit(
        &self,
        request: Request<v1::UpdateUnitRequest>,
    ) -> Result<Response<v1::UpdateUnitResponse>, Status> {
        unary!(self, request, update_unit::call)
    }

    async fn move_unit(&self, request: Request<v1::MoveUnitRequest>) -> Result<Response<v1::MoveUnitResponse>, Status> {
        unary!(self, request, move_unit::call)
    }

    async fn delete_unit(
        &self,
        request: Request<v1::DeleteUnitRequest>,
    ) -> Result<Response<v1::DeleteUnitResponse>, Status> {
        unary!(self, request, delete_unit::call)
    }
}

impl From<UnitError> for Failure {
    fn from(error: UnitError) -> Self {
        match error {
            UnitError::OrganizationNotFound => organization_not_found(),
            UnitError::UnitNotFound => Self::not_found(ErrorReason::UnitNotFound, "no such unit"),
            UnitError::NameTaken => {
                Self::already_exists(ErrorReason::UnitNameTaken, "a unit beside it has that name; choose another")
            }
            UnitError::Cycle => Self::precondition(ErrorReason::UnitCycle, "a unit cannot be moved below itself"),
            UnitError::Root => Self::precondition(ErrorReason::RootUnit, "the root unit cannot be deleted"),
            UnitError::TooDeep => {
                Self::precondition(ErrorReason::UnitTooDeep, "the tree would be deeper than 32 levels")
            }
            UnitError::InUse => Self::precondition(
                ErrorReason::UnitInUse,
                "the unit has children or assignments; delete it with `force` to delete those as well",
            ),
            UnitError::Stale => Self::stale("unit"),
            UnitError::RequestIdReused(error) => error.into(),
            UnitError::Storage(error) => Self::storage(error),
        }
    }
}
