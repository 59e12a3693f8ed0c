//! `varco.v1.UserService`.

mod add_membership;
mod create_contact;
mod create_user;
mod list_memberships;
mod list_sent_mails;
mod list_users;
mod mail_preferences;
mod parse;
pub(crate) mod present;
pub(crate) mod profile;
mod remove_user;
mod resend_activation;
mod reset;
mod set_access;
mod sub_account;
mod suspend_user;
mod update_user;

use tonic::{Code, Request, Response, Status};
use varco_application::users::UserError;
use varco_domain::{NoFreeSeat, SeatPool, StatusError};
use varco_proto::v1;
use varco_proto::v1::ErrorReason;

use crate::call::unary;
use crate::failure::{Failure, FieldProblem};
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

    async fn resend_activation(
        &self,
        request: Request<v1::ResendActivationRequest>,
    ) -> Result<Response<v1::ResendActivationResponse>, Status> {
        unary!(self, request, resend_activation::call)
    }

    async fn reset_password(
        &self,
        request: Request<v1::ResetPasswordRequest>,
    ) -> Result<Response<v1::ResetPasswordResponse>, Status> {
        unary!(self, request, reset::password)
    }

    async fn reset_pin(&self, request: Request<v1::ResetPinRequest>) -> Result<Response<v1::ResetPinResponse>, Status> {
        unary!(self, request, reset::pin)
    }

    async fn set_access(
        &self,
        request: Request<v1::SetAccessRequest>,
    ) -> Result<Response<v1::SetAccessResponse>, Status> {
        unary!(self, request, set_access::call)
    }

    async fn create_contact(
        &self,
        request: Request<v1::CreateContactRequest>,
    ) -> Result<Response<v1::CreateContactResponse>, Status> {
        unary!(self, request, create_contact::call)
    }

    async fn activate_sub_account(
        &self,
        request: Request<v1::ActivateSubAccountRequest>,
    ) -> Result<Response<v1::ActivateSubAccountResponse>, Status> {
        unary!(self, request, sub_account::activate)
    }

    async fn deactivate_sub_account(
        &self,
        request: Request<v1::DeactivateSubAccountRequest>,
    ) -> Result<Response<v1::DeactivateSubAccountResponse>, Status> {
        unary!(self, request, sub_account::deactivate)
    }

    async fn update_mail_preferences(
        &self,
        request: Request<v1::UpdateMailPreferencesRequest>,
    ) -> Result<Response<v1::UpdateMailPreferencesResponse>, Status> {
        unary!(self, request, mail_preferences::update)
    }

    async fn list_mail_recipients(
        &self,
        request: Request<v1::ListMailRecipientsRequest>,
    ) -> Result<Response<v1::ListMailRecipientsResponse>, Status> {
        unary!(self, request, mail_preferences::list_recipients)
    }

    async fn list_sent_mails(
        &self,
        request: Request<v1::ListSentMailsRequest>,
    ) -> Result<Response<v1::ListSentMailsResponse>, Status> {
        unary!(self, request, list_sent_mails::call)
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
            UserError::BadExpiry => {
                let problem = "must be in the future, and at most a hundred years ahead".to_owned();
                Self::fields(vec![FieldProblem { path: "expire_time".to_owned(), problem }])
            }
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
        StatusError::IsContact => ErrorReason::UserIsContact,
        StatusError::NotContact => ErrorReason::NotContact,
        StatusError::NotInvited => ErrorReason::NotInvited,
    };
    Failure::precondition(reason, error.to_string())
}
