use varco_application::credentials::{ResendActivation, resend_activation};
use varco_domain::{OrganizationId, UserId};
use varco_proto::v1::{ResendActivationRequest, ResendActivationResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(call: &Call, request: &ResendActivationRequest) -> Result<ResendActivationResponse, Failure> {
    let mut fields = Fields::default();
    let home = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let user = fields.parse("user_id", UserId::parse(&request.user_id));
    let mode = mode(request.validate_only);
    let command = fields.finish(|| Some(ResendActivation { home: home?, user: user?, mode }))?;

    let written = resend_activation(&call.env, &call.caller, &command).await?;
    Ok(ResendActivationResponse { user: Some(present::user(&written.value)), revision: written.revision.get() })
}
