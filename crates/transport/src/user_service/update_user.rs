use varco_application::users::{UpdateUser, update_user};
use varco_domain::{OrganizationId, Timestamp, UserId};
use varco_proto::v1::{UpdateUserRequest, UpdateUserResponse};

use super::{present, profile};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

pub(super) async fn call(call: &Call, request: &UpdateUserRequest) -> Result<UpdateUserResponse, Failure> {
    let command = parse(request, call.env.clock.now())?;
    let written = update_user(&call.env, &call.caller, &command).await?;
    Ok(UpdateUserResponse { user: Some(present::user(&written.value)), revision: written.revision.get() })
}

fn parse(request: &UpdateUserRequest, now: Timestamp) -> Result<UpdateUser, Failure> {
    let mut fields = Fields::default();
    let new = request.user.clone().unwrap_or_default();
    let given = new.profile.unwrap_or_default();
    let home = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let user = fields.parse("user.user_id", UserId::parse(&new.user_id));
    let version = fields.etag("user.etag", &new.etag);
    let changes = profile::changes(&mut fields, request.update_mask.as_ref(), "user.", &given, now);
    fields.finish(|| Some(UpdateUser { home: home?, user: user?, version: version?, changes }))
}
