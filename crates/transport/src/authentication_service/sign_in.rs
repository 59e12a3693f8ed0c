use varco_application::PlainSecret;
use varco_application::sign_in::{
    Answer, ContinueSignIn, SelectOrganization, SignIn, continue_sign_in, select_organization, sign_in,
};
use varco_domain::OrganizationId;
use varco_proto::v1;
use varco_proto::v1::continue_sign_in_request::Answer as GivenAnswer;
use varco_proto::v1::continue_sign_in_response::Result as WentOn;
use varco_proto::v1::select_organization_response::Result as Selected;
use varco_proto::v1::sign_in_response::Result as SignedIn;

use super::origin::origin;
use super::present::answered;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::gate::token_invalid;

/// What cannot be a username is one that nobody has, as what cannot be a password matches none.
pub(super) async fn begin(call: &Call, request: &v1::SignInRequest) -> Result<v1::SignInResponse, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse_optional("organization_id", &request.organization_id, OrganizationId::parse);
    let origin = origin(call, &mut fields, request.client.as_ref());
    let command = fields.finish(|| {
        let unverified_name = request.username.clone();
        let unverified_password = PlainSecret::new(request.password.clone());
        Some(SignIn { unverified_name, unverified_password, organization, origin: origin? })
    })?;
    let given = sign_in(&call.env, &command).await?;
    Ok(v1::SignInResponse { result: Some(answered(given, SignedIn::Session, SignedIn::NextStep)) })
}

pub(super) async fn go_on(
    call: &Call,
    request: &v1::ContinueSignInRequest,
) -> Result<v1::ContinueSignInResponse, Failure> {
    let mut fields = Fields::default();
    let answer = parse_answer(&mut fields, request.answer.as_ref());
    let origin = origin(call, &mut fields, request.client.as_ref());
    let command = fields.finish(|| {
        let unverified_challenge = PlainSecret::new(request.challenge_token.clone());
        Some(ContinueSignIn { unverified_challenge, answer: answer?, origin: origin? })
    })?;
    let given = continue_sign_in(&call.env, &command).await?;
    Ok(v1::ContinueSignInResponse { result: Some(answered(given, WentOn::Session, WentOn::NextStep)) })
}

fn parse_answer(fields: &mut Fields, given: Option<&GivenAnswer>) -> Option<Answer> {
    match given {
        Some(GivenAnswer::NewPassword(password)) => Some(Answer::NewPassword(PlainSecret::new(password.clone()))),
        Some(GivenAnswer::Pin(pin)) => Some(Answer::Pin(PlainSecret::new(pin.clone()))),
        Some(GivenAnswer::ChosenOrganizationId(id)) => {
            fields.parse("chosen_organization_id", OrganizationId::parse(id)).map(Answer::Organization)
        }
        None => {
            fields.problem("answer", "must be one of new_password, pin and chosen_organization_id");
            None
        }
    }
}

pub(super) async fn select(
    call: &Call,
    request: &v1::SelectOrganizationRequest,
) -> Result<v1::SelectOrganizationResponse, Failure> {
    let (user, session) = call.caller.user().ok_or_else(token_invalid)?;
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let origin = origin(call, &mut fields, request.client.as_ref());
    let command =
        fields.finish(|| Some(SelectOrganization { user, session, organization: organization?, origin: origin? }))?;
    let given = select_organization(&call.env, &command).await?;
    Ok(v1::SelectOrganizationResponse { result: Some(answered(given, Selected::Session, Selected::NextStep)) })
}
