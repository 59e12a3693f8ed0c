use prost::Message;
use uuid::Uuid;
use varco_application::Written;
use varco_application::users::{CreateContact, create_contact};
use varco_domain::{Email, Member, OrganizationId, Timestamp, Username};
use varco_proto::v1::{CreateContactRequest, CreateContactResponse};

use super::{mail_preferences, present, profile};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};
use crate::once::answer;

pub(super) async fn call(call: &Call, request: &CreateContactRequest) -> Result<CreateContactResponse, Failure> {
    let (command, request_id) = parse(request, call.env.clock.now())?;
    let encode = |written: &Written<Member>| present_created(written).encode_to_vec();
    let once = call.once(request, request_id, &encode);
    let outcome = create_contact(&call.env, &call.caller, &command, once.as_ref()).await?;
    answer(outcome, present_created)
}

fn parse(request: &CreateContactRequest, now: Timestamp) -> Result<(CreateContact, Option<Uuid>), Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let username = fields.parse_optional("username", &request.username, Username::parse);
    let email = fields.parse("email", Email::parse(&request.email));
    let profile = profile::new_profile(&mut fields, request.profile.as_ref(), now);
    let mail = mail_preferences::chosen(request.mail_preferences.unwrap_or_default());
    let request_id = fields.request_id(&request.request_id);
    let mode = mode(request.validate_only);
    fields.finish(|| {
        let (organization, email, profile) = (organization?, email?, profile?);
        Some((CreateContact { organization, username, email, profile, mail, mode }, request_id))
    })
}

fn present_created(written: &Written<Member>) -> CreateContactResponse {
    CreateContactResponse { user: Some(present::user(&written.value)), revision: written.revision.get() }
}
