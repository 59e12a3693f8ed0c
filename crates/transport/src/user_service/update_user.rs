use varco_application::users::{UpdateUser, update_user};
use varco_domain::{Label, Language, OrganizationId, UserId};
use varco_proto::v1::{UpdateUserRequest, UpdateUserResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

const FIRST_NAME: &str = "profile.first_name";
const LAST_NAME: &str = "profile.last_name";
const LANGUAGE: &str = "profile.language";

pub(super) async fn call(call: &Call, request: &UpdateUserRequest) -> Result<UpdateUserResponse, Failure> {
    let command = parse(request)?;
    let written = update_user(&call.env, &call.caller, &command).await?;
    Ok(UpdateUserResponse { user: Some(present::user(&written.value)), revision: written.revision.get() })
}

fn parse(request: &UpdateUserRequest) -> Result<UpdateUser, Failure> {
    let mut fields = Fields::default();
    let new = request.user.clone().unwrap_or_default();
    let profile = new.profile.unwrap_or_default();
    let home = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let user = fields.parse("user.user_id", UserId::parse(&new.user_id));
    let version = fields.etag("user.etag", &new.etag);
    let (mut first_name, mut last_name, mut language) = (None, None, None);
    for path in fields.mask(request.update_mask.as_ref(), &[FIRST_NAME, LAST_NAME, LANGUAGE]) {
        let field = format!("user.{path}");
        match path {
            FIRST_NAME => first_name = fields.parse(field, Label::parse(&profile.first_name)),
            LAST_NAME => last_name = fields.parse(field, Label::parse(&profile.last_name)),
            _ => language = fields.parse(field, Language::parse(&profile.language)),
        }
    }
    fields.finish(|| {
        let (home, user, version) = (home?, user?, version?);
        Some(UpdateUser { home, user, version, first_name, last_name, language })
    })
}
