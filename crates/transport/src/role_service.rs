//! `varco.v1.RoleService`.

mod add_permissions;
mod copy_role;
mod create_role;
mod delete_role;
mod list_roles;
mod permissions;
mod present;
mod remove_permissions;
mod set_permissions;
mod update_role;

use tonic::{Request, Response, Status};
use varco_application::roles::RoleError;
use varco_proto::v1;
use varco_proto::v1::ErrorReason;

use crate::call::unary;
use crate::failure::Failure;
use crate::gate::{Gate, organization_not_found};

/// The service.
pub(crate) struct RoleService {
    pub(crate) gate: Gate,
}

#[tonic::async_trait]
impl v1::role_service_server::RoleService for RoleService {
    async fn create_role(
        &self,
        request: Request<v1::CreateRoleRequest>,
    ) -> Result<Response<v1::CreateRoleResponse>, Status> {
        unary!(self, request, create_role::call)
    }

    async fn get_role(&self, request: Request<v1::GetRoleRequest>) -> Result<Response<v1::GetRoleResponse>, Status> {
        unary!(self, request, list_roles::get)
    }

    async fn list_roles(
        &self,
        request: Request<v1::ListRolesRequest>,
    ) -> Result<Response<v1::ListRolesResponse>, Status> {
        unary!(self, request, list_roles::call)
    }

    async fn update_role(
        &self,
        request: Request<v1::UpdateRoleRequest>,
    ) -> Result<Response<v1::UpdateRoleResponse>, Status> {
        unary!(self, request, update_role::call)
    }

    async fn add_permissions(
        &self,
        request: Request<v1::AddPermissionsRequest>,
    ) -> Result<Response<v1::AddPermissionsResponse>, Status> {
        unary!(self, request, add_permissions::call)
    }

    async fn remove_permissions(
        &self,
        request: Request<v1::RemovePermissionsRequest>,
    ) -> Result<Response<v1::RemovePermissionsResponse>, Status> {
        unary!(self, request, remove_permissions::call)
    }

    async fn set_permissions(
        &self,
        request: Request<v1::SetPermissionsRequest>,
    ) -> Result<Response<v1::SetPermissionsResponse>, Status> {
        unary!(self, request, set_permissions::call)
    }

    async fn copy_role(&self, request: Request<v1::CopyRoleRequest>) -> Result<Response<v1::CopyRoleResponse>, Status> {
        unary!(self, request, copy_role::call)
    }

    async fn delete_role(
        &self,
        request: Request<v1::DeleteRoleRequest>,
    ) -> Result<Response<v1::DeleteRoleResponse>, Status> {
        unary!(self, request, delete_role::call)
    }
}

impl From<RoleError> for Failure {
    fn from(error: RoleError) -> Self {
        match error {
            RoleError::OrganizationNotFound => organization_not_found(),
            RoleError::RoleNotFound => Self::not_found(ErrorReason::RoleNotFound, "no such role"),
            RoleError::NameTaken => Self::already_exists(
                ErrorReason::RoleNameTaken,
                "a role of the organization has that name; choose another",
            ),
            RoleError::UnknownPermissions { places } => permissions::unknown(&places),
            RoleError::TooManyPermissions => permissions::too_many(),
            RoleError::InUse { holders } => Self::precondition(
                ErrorReason::RoleInUse,
                "the role is held; delete it with `force` to revoke it everywhere",
            )
            .with("holder_count", holders),
            RoleError::Stale => Self::stale("role"),
            RoleError::RequestIdReused(error) => error.into(),
            RoleError::Storage(error) => Self::storage(error),
        }
    }
}
