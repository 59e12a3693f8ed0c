//! `varco.v1.UserService`.

mod add_membership;
mod create_user;
mod list_memberships;
mod list_users;
mod parse;
pub(crate) mod present;
mod remove_user;
mod set_access;
mod suspend_user;
mod update_user;

use tonic::{Code, Request, Response, Status};
use varco_application::users::UserError;
use varco_domain::{NoFreeSeat, SeatPool, StatusError};
use varco_proto::v1;
use varco_proto::v1::ErrorReason;

use crate::call::unary;
use crate::failure::Failure;
use crate::gate::{Gate, organization_not_found};

/// The service.
pub(crate) struct UserService {
    pub(crate) gate: Gate,
}

#[tonic::async_trait]
impl v1::user_service_server::UserService for UserService {
    async fn create_user(
        &self,
        request: Request<v1::CreateUserRequest>,
    ) -> Result<Response<v1::CreateUserResponse>, Status> {
        unary!(self, request, create_user::call)
    }

    async fn get_user(&self, request: Request<v1::GetUserRequest>) -> Result<Response<v1::GetUserResponse>, Status> {
        unary!(self, request, list_users::get)
    }

    async fn list_users(
        &self,
        request: Request<v1::ListUsersRequest>,
    ) -> Result<Response<v1::ListUsersResponse>, Status> {
        unary!(self, request, list_users::call)
    }

    async fn update_user(
        &self,
        request: Request<v1::UpdateUserRequest>,
    ) -> Result<Response<v1::UpdateUserResponse>, Status> {
        unary!(self, request, update_user::call)
    }

    async fn remove_user(
        &self,
        request: Request<v1::RemoveUserRequest>,
    ) -> Result<Response<v1::RemoveUserResponse>, Status> {
        unary!(self, request, remove_user::call)
    }

    async fn suspend_user(
        &self,
        request: Request<v1::SuspendUserRequest>,
    ) -> Result<Response<v1::SuspendUserResponse>, Status> {
        unary!(self, request, suspend_user::suspend)
    }

    async fn reactivate_user(
        &self,
        request: Request<v1::ReactivateUserRequest>,
    ) -> Result<Response<v1::ReactivateUserResponse>, Status> {
        unary!(self, request, suspend_user::reactivate)
    }

    async fn set_access(
        &self,
        request: Request<v1::SetAccessRequest>,
    ) -> Result<Response<v1::SetAccessResponse>, Status> {
        unary!(self, request, set_access::call)
    }

    async fn list_memberships(
        &self,
        request: Request<v1::ListMembershipsRequest>,
    ) -> Result<Response<v1::ListMembershipsResponse>, Status> {
        unary!(self, request, list_memberships::call)
    }

    async fn add_membership(
        &self,
        request: Request<v1::AddMembershipRequest>,
    ) -> Result<Response<v1::AddMembershipResponse>, Status> {
        unary!(self, request, add_membership::call)
    }

    async fn remove_membership(
        &self,
        request: Request<v1::RemoveMembershipRequest>,
    ) -> Result<Response<v1::RemoveMembershipResponse>, Status> {
        unary!(self, request, remove_user::remove_membership)
    }
}

impl From<UserError> for Failure {
    fn from(error: UserError) -> Self {
        match error {
            UserError::OrganizationNotFound => organization_not_found(),
            UserError::UserNotFound => Self::not_found(ErrorReason::UserNotFound, "no such user"),
            UserError::UsernameTaken => {
                Self::already_exists(ErrorReason::UsernameTaken, "an account has that username; choose another")
            }
            UserError::AlreadyMember => {
                Self::already_exists(ErrorReason::AlreadyMember, "the user with that email is a member already")
            }
            UserError::NoFreeSeat(error) => no_free_seat(error),
            UserError::LastAdmin { organization } => Self::precondition(
                ErrorReason::LastAdmin,
                "the user is the last active back-office admin of an organization; make somebody else one first",
            )
            .with("organization_id", organization),
            UserError::NotHomeOrganization => Self::precondition(
                ErrorReason::NotHomeOrganization,
                "the account lives in another organization, which alone may change it",
            ),
            UserError::InternalMembership => Self::precondition(
                ErrorReason::InternalMembership,
                "an internal membership ends only with its account; remove the user",
            ),
            UserError::Status(error) => status_unchanged(error),
            UserError::Stale => Self::stale("user"),
            UserError::RequestIdReused(error) => error.into(),
            UserError::Storage(error) => Self::storage(error),
        }
    }
}

fn no_free_seat(error: NoFreeSeat) -> Failure {
    let (quota, message) = match error.pool {
        SeatPool::App => ("seats/app", "no app seat is free"),
        SeatPool::BackOffice => ("seats/back_office", "no back-office seat is free"),
    };
    Failure::new(Code::ResourceExhausted, ErrorReason::NoFreeSeat, message).with_quota(quota)
}

fn status_unchanged(error: StatusError) -> Failure {
    let reason = match error {
        StatusError::AlreadySuspended => ErrorReason::AlreadySuspended,
        StatusError::NotSuspended => ErrorReason::NotSuspended,
    };
    Failure::precondition(reason, error.to_string())
}
