use prost::Message;
use uuid::Uuid;
use varco_application::Written;
use varco_application::users::{Activation, CreateUser, create_user};
use varco_domain::{Access, Email, Member, OrganizationId, Timestamp, Username};
use varco_proto::v1::{CreateUserRequest, CreateUserResponse};

use super::{parse, present, profile};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode, parse_instant};
use crate::once::answer;

pub(super) async fn call(call: &Call, request: &CreateUserRequest) -> Result<CreateUserResponse, Failure> {
    let (command, request_id) = parse(request, call.env.clock.now())?;
    let encode = |written: &Written<Member>| present_created(written).encode_to_vec();
    let once = call.once(request, request_id, &encode);
    let outcome = create_user(&call.env, &call.caller, &command, once.as_ref()).await?;
    answer(outcome, present_created)
}

fn parse(request: &CreateUserRequest, now: Timestamp) -> Result<(CreateUser, Option<Uuid>), Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let username = fields.parse("username", Username::parse(&request.username));
    let email = fields.parse("email", Email::parse(&request.email));
    let profile = profile::new_profile(&mut fields, request.profile.as_ref(), now);
    let back_office = parse::back_office_level(&mut fields, request.back_office_level);
    let expires_at = parse_instant(&mut fields, "expire_time", request.expire_time);
    let request_id = fields.request_id(&request.request_id);
    let mode = mode(request.validate_only);
    fields.finish(|| {
        let access = Access { app: request.app_access, back_office: back_office? };
        let activation = Activation::ByLink;
        let (organization, username, email, profile) = (organization?, username?, email?, profile?);
        Some((CreateUser { organization, username, email, profile, access, expires_at, activation, mode }, request_id))
    })
}

fn present_created(written: &Written<Member>) -> CreateUserResponse {
    CreateUserResponse { user: Some(present::user(&written.value)), revision: written.revision.get() }
}
