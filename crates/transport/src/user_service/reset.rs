use varco_application::credentials::{Reset, reset_password, reset_pin};
use varco_domain::{OrganizationId, UserId};
use varco_proto::v1::{ResetPasswordRequest, ResetPasswordResponse, ResetPinRequest, ResetPinResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn password(call: &Call, request: &ResetPasswordRequest) -> Result<ResetPasswordResponse, Failure> {
    let command = parse(&request.organization_id, &request.user_id, request.validate_only)?;
    let written = reset_password(&call.env, &call.caller, &command).await?;
    Ok(ResetPasswordResponse { user: Some(present::user(&written.value)), revision: written.revision.get() })
}

pub(super) async fn pin(call: &Call, request: &ResetPinRequest) -> Result<ResetPinResponse, Failure> {
    let command = parse(&request.organization_id, &request.user_id, request.validate_only)?;
    let written = reset_pin(&call.env, &call.caller, &command).await?;
    Ok(ResetPinResponse { user: Some(present::user(&written.value)), revision: written.revision.get() })
}

fn parse(organization: &str, user: &str, validate_only: bool) -> Result<Reset, Failure> {
    let mut fields = Fields::default();
    let home = fields.parse("organization_id", OrganizationId::parse(organization));
    let user = fields.parse("user_id", UserId::parse(user));
    let mode = mode(validate_only);
    fields.finish(|| Some(Reset { home: home?, user: user?, mode }))
}
