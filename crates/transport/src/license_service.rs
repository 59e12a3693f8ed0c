//! `varco.v1.LicenseService`.

mod get_licenses;
mod list_seat_holders;
mod present;
mod set_license_limits;

use tonic::{Request, Response, Status};
use varco_application::licenses::LicenseError;
use varco_proto::v1;

use crate::call::unary;
use crate::failure::Failure;
use crate::gate::{Gate, organization_not_found};

/// The service.
pub(crate) struct LicenseService {
    pub(crate) gate: Gate,
}

#[tonic::async_trait]
impl v1::license_service_server::LicenseService for LicenseService {
    async fn get_licenses(
        &self,
        request: Request<v1::GetLicensesRequest>,
    ) -> Result<Response<v1::GetLicensesResponse>, Status> {
        unary!(self, request, get_licenses::call)
    }

    async fn set_license_limits(
        &self,
        request: Request<v1::SetLicenseLimitsRequest>,
    ) -> Result<Response<v1::SetLicenseLimitsResponse>, Status> {
        unary!(self, request, set_license_limits::call)
    }

    async fn list_seat_holders(
        &self,
        request: Request<v1::ListSeatHoldersRequest>,
    ) -> Result<Response<v1::ListSeatHoldersResponse>, Status> {
        unary!(self, request, list_seat_holders::call)
    }
}

impl From<LicenseError> for Failure {
    fn from(error: LicenseError) -> Self {
        match error {
            LicenseError::OrganizationNotFound => organization_not_found(),
            LicenseError::Storage(error) => Self::storage(error),
        }
    }
}
