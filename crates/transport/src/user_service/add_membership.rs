use prost::Message;
use uuid::Uuid;
use varco_application::Written;
use varco_application::users::{AddMembership, add_membership};
use varco_domain::{Access, Email, Member, OrganizationId};
use varco_proto::v1::{AddMembershipRequest, AddMembershipResponse};

use super::{parse, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode, parse_instant};
use crate::once::answer;

pub(super) async fn call(call: &Call, request: &AddMembershipRequest) -> Result<AddMembershipResponse, Failure> {
    let (command, request_id) = parse(request)?;
    let encode = |written: &Written<Member>| present_added(written).encode_to_vec();
    let once = call.once(request, request_id, &encode);
    let outcome = add_membership(&call.env, &call.caller, &command, once.as_ref()).await?;
    answer(outcome, present_added)
}

fn parse(request: &AddMembershipRequest) -> Result<(AddMembership, Option<Uuid>), Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let email = fields.parse("email", Email::parse(&request.email));
    let back_office = parse::back_office_level(&mut fields, request.back_office_level);
    let expires_at = parse_instant(&mut fields, "expire_time", request.expire_time);
    let request_id = fields.request_id(&request.request_id);
    let mode = mode(request.validate_only);
    fields.finish(|| {
        let access = Access { app: request.app_access, back_office: back_office? };
        let (organization, email) = (organization?, email?);
        Some((AddMembership { organization, email, access, expires_at, mode }, request_id))
    })
}

fn present_added(written: &Written<Member>) -> AddMembershipResponse {
    AddMembershipResponse { user: Some(present::user(&written.value)), revision: written.revision.get() }
}
