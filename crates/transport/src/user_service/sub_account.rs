use varco_application::users::{ActivateSubAccount, ChangeStatus, activate_sub_account, deactivate_sub_account};
use varco_domain::{Access, OrganizationId, UserId};
use varco_proto::v1::{
    ActivateSubAccountRequest, ActivateSubAccountResponse, DeactivateSubAccountRequest, DeactivateSubAccountResponse,
};

use super::{parse, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn activate(
    call: &Call,
    request: &ActivateSubAccountRequest,
) -> Result<ActivateSubAccountResponse, Failure> {
    let mut fields = Fields::default();
    let home = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let user = fields.parse("user_id", UserId::parse(&request.user_id));
    let back_office = parse::back_office_level(&mut fields, request.back_office_level);
    let mode = mode(request.validate_only);
    let command = fields.finish(|| {
        let access = Access { app: request.app_access, back_office: back_office? };
        Some(ActivateSubAccount { home: home?, user: user?, access, mode })
    })?;
    let written = activate_sub_account(&call.env, &call.caller, &command).await?;
    Ok(ActivateSubAccountResponse { user: Some(present::user(&written.value)), revision: written.revision.get() })
}

pub(super) async fn deactivate(
    call: &Call,
    request: &DeactivateSubAccountRequest,
) -> Result<DeactivateSubAccountResponse, Failure> {
    let mut fields = Fields::default();
    let home = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let user = fields.parse("user_id", UserId::parse(&request.user_id));
    let mode = mode(request.validate_only);
    let command = fields.finish(|| Some(ChangeStatus { home: home?, user: user?, mode }))?;
    let written = deactivate_sub_account(&call.env, &call.caller, &command).await?;
    Ok(DeactivateSubAccountResponse { user: Some(present::user(&written.value)), revision: written.revision.get() })
}
