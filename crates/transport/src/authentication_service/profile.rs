use varco_application::users::{UpdateProfile, find_profile, update_profile};
use varco_proto::v1::{GetProfileRequest, GetProfileResponse, UpdateProfileRequest, UpdateProfileResponse};

use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::gate::token_invalid;
use crate::user_service::present::account;
use crate::user_service::profile::changes;

pub(super) async fn get(call: &Call, _: &GetProfileRequest) -> Result<GetProfileResponse, Failure> {
    let (user, _) = call.caller.user().ok_or_else(token_invalid)?;
    let user = find_profile(&call.env, user).await?;
    Ok(GetProfileResponse { user: Some(account(&user)) })
}

pub(super) async fn update(call: &Call, request: &UpdateProfileRequest) -> Result<UpdateProfileResponse, Failure> {
    let (user, _) = call.caller.user().ok_or_else(token_invalid)?;
    let mut fields = Fields::default();
    let given = request.profile.clone().unwrap_or_default();
    let version = fields.etag("etag", &request.etag);
    let changes = changes(&mut fields, request.update_mask.as_ref(), "", &given, call.env.clock.now());
    let command = fields.finish(|| Some(UpdateProfile { user, version: version?, changes }))?;

    let written = update_profile(&call.env, &call.caller, &command).await?;
    Ok(UpdateProfileResponse { user: Some(account(&written.value)), revision: written.revision.get() })
}
