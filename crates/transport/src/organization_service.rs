//! `varco.v1.OrganizationService`.

mod create_organization;
mod delete_organization;
mod list_organizations;
mod policies;
mod present;
mod sso_provider;
mod update_organization;

use std::time::Duration;

use tonic::{Request, Response, Status};
use varco_application::organizations::OrganizationError;
use varco_proto::v1;
use varco_proto::v1::ErrorReason;

use crate::call::unary;
use crate::failure::Failure;
use crate::gate::{Gate, organization_not_found};

pub(crate) use sso_provider::sso_provider_not_found;

/// The longest that a deletion may take: it ends every account that lives there, one by one.
const MAX_DELETION_TIME: Duration = Duration::from_mins(1);

/// The service.
pub(crate) struct OrganizationService {
    pub(crate) gate: Gate,
}

#[tonic::async_trait]
impl v1::organization_service_server::OrganizationService for OrganizationService {
    async fn create_organization(
        &self,
        request: Request<v1::CreateOrganizationRequest>,
    ) -> Result<Response<v1::CreateOrganizationResponse>, Status> {
        unary!(self, request, create_organization::call)
    }

    async fn get_organization(
        &self,
        request: Request<v1::GetOrganizationRequest>,
    ) -> Result<Response<v1::GetOrganizationResponse>, Status> {
        unary!(self, request, list_organizations::get)
    }

    async fn list_organizations(
        &self,
        request: Request<v1::ListOrganizationsRequest>,
    ) -> Result<Response<v1::ListOrganizationsResponse>, Status> {
        unary!(self, request, list_organizations::call)
    }

    async fn update_organization(
        &self,
        request: Request<v1::UpdateOrganizationRequest>,
    ) -> Result<Response<v1::UpdateOrganizationResponse>, Status> {
        unary!(self, request, update_organization::call)
    }

    async fn delete_organization(
        &self,
        request: Request<v1::DeleteOrganizationRequest>,
    ) -> Result<Response<v1::DeleteOrganizationResponse>, Status> {
        unary!(self, request, delete_organization::call, MAX_DELETION_TIME)
    }

    async fn set_sso_provider(
        &self,
        request: Request<v1::SetSsoProviderRequest>,
    ) -> Result<Response<v1::SetSsoProviderResponse>, Status> {
        unary!(self, request, sso_provider::set)
    }

    async fn get_sso_provider(
        &self,
        request: Request<v1::GetSsoProviderRequest>,
    ) -> Result<Response<v1::GetSsoProviderResponse>, Status> {
        unary!(self, request, sso_provider::get)
    }

    async fn remove_sso_provider(
        &self,
        request: Request<v1::RemoveSsoProviderRequest>,
    ) -> Result<Response<v1::RemoveSsoProviderResponse>, Status> {
        unary!(self, request, sso_provider::remove)
    }
}

impl From<OrganizationError> for Failure {
    fn from(error: OrganizationError) -> Self {
        match error {
            OrganizationError::OrganizationNotFound => organization_not_found(),
            OrganizationError::ParentNotFound => {
                Self::not_found(ErrorReason::ParentNotFound, "no such parent organization")
            }
            OrganizationError::NameTaken => Self::already_exists(
                ErrorReason::OrganizationNameTaken,
                "an organization has that name; choose another",
            ),
            OrganizationError::HasChildren => Self::precondition(
                ErrorReason::OrganizationHasChildren,
                "the organization has child organizations; delete those first",
            ),
            OrganizationError::Stale => Self::stale("organization"),
            OrganizationError::RequestIdReused(error) => error.into(),
            OrganizationError::Storage(error) => Self::storage(error),
        }
    }
}
