use varco_application::users::{SetAccess, set_access};
use varco_domain::{OrganizationId, UserId};
use varco_proto::v1::{SetAccessRequest, SetAccessResponse};

use super::{parse, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(call: &Call, request: &SetAccessRequest) -> Result<SetAccessResponse, Failure> {
    let command = parse(request)?;
    let written = set_access(&call.env, &call.caller, &command).await?;
    Ok(SetAccessResponse { membership: Some(present::membership(&written.value)), revision: written.revision.get() })
}

fn parse(request: &SetAccessRequest) -> Result<SetAccess, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let user = fields.parse("user_id", UserId::parse(&request.user_id));
    let back_office = request.back_office_level.and_then(|number| parse::back_office_level(&mut fields, number));
    let mode = mode(request.validate_only);
    fields.finish(|| {
        Some(SetAccess { organization: organization?, user: user?, app: request.app_access, back_office, mode })
    })
}
