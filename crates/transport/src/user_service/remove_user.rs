use varco_application::users;
use varco_application::users::{RemoveMembership, RemoveUser, Removed};
use varco_domain::{OrganizationId, UserId};
use varco_proto::v1::{RemoveMembershipRequest, RemoveMembershipResponse, RemoveUserRequest, RemoveUserResponse};

use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(call: &Call, request: &RemoveUserRequest) -> Result<RemoveUserResponse, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let user = fields.parse("user_id", UserId::parse(&request.user_id));
    let mode = mode(request.validate_only);
    let command = fields.finish(|| Some(RemoveUser { organization: organization?, user: user?, mode }))?;
    let written = users::remove_user(&call.env, &call.caller, &command).await?;
    let account_deleted = written.value == Removed::Account;
    Ok(RemoveUserResponse { account_deleted, revision: written.revision.get() })
}

pub(super) async fn remove_membership(
    call: &Call,
    request: &RemoveMembershipRequest,
) -> Result<RemoveMembershipResponse, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let user = fields.parse("user_id", UserId::parse(&request.user_id));
    let mode = mode(request.validate_only);
    let command = fields.finish(|| Some(RemoveMembership { organization: organization?, user: user?, mode }))?;
    let written = users::remove_membership(&call.env, &call.caller, &command).await?;
    Ok(RemoveMembershipResponse { revision: written.revision.get() })
}
