use varco_application::PlainSecret;
use varco_application::credentials::{ChangePassword, change_password};
use varco_proto::v1::{ChangePasswordRequest, ChangePasswordResponse};

use crate::call::Call;
use crate::failure::Failure;
use crate::gate::token_invalid;

pub(super) async fn call(call: &Call, request: &ChangePasswordRequest) -> Result<ChangePasswordResponse, Failure> {
    let (user, session) = call.caller.user().ok_or_else(token_invalid)?;
    let command = ChangePassword {
        user,
        session,
        unverified_current: PlainSecret::new(request.current_password.clone()),
        password: PlainSecret::new(request.password.clone()),
    };
    let written = change_password(&call.env, &call.caller, &command).await?;
    Ok(ChangePasswordResponse { revision: written.revision.get() })
}
