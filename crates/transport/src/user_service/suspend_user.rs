use varco_application::users::{ChangeStatus, reactivate_user, suspend_user};
use varco_domain::{OrganizationId, UserId};
use varco_proto::v1::{ReactivateUserRequest, ReactivateUserResponse, SuspendUserRequest, SuspendUserResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn suspend(call: &Call, request: &SuspendUserRequest) -> Result<SuspendUserResponse, Failure> {
    let command = parse(&request.organization_id, &request.user_id, request.validate_only)?;
    let written = suspend_user(&call.env, &call.caller, &command).await?;
    Ok(SuspendUserResponse { user: Some(present::user(&written.value)), revision: written.revision.get() })
}

pub(super) async fn reactivate(
    call: &Call,
    request: &ReactivateUserRequest,
) -> Result<ReactivateUserResponse, Failure> {
    let command = parse(&request.organization_id, &request.user_id, request.validate_only)?;
    let written = reactivate_user(&call.env, &call.caller, &command).await?;
    Ok(ReactivateUserResponse { user: Some(present::user(&written.value)), revision: written.revision.get() })
}

fn parse(organization: &str, user: &str, validate_only: bool) -> Result<ChangeStatus, Failure> {
    let mut fields = Fields::default();
    let home = fields.parse("organization_id", OrganizationId::parse(organization));
    let user = fields.parse("user_id", UserId::parse(user));
    let mode = mode(validate_only);
    fields.finish(|| Some(ChangeStatus { home: home?, user: user?, mode }))
}
