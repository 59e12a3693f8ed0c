use tonic::Code;
use varco_application::PlainSecret;
use varco_application::sso::{BeginSso, CompleteSso, SsoError, Whose, begin_sso, complete_sso};
use varco_domain::{OrganizationId, RedirectUri};
use varco_proto::v1::complete_sso_response::Result as Answer;
use varco_proto::v1::{self, ErrorReason};

use super::origin::origin;
use super::present::answered;
use crate::call::Call;
use crate::failure::{Failure, FieldProblem};
use crate::fields::Fields;
use crate::organization_service::sso_provider_not_found;
use crate::present::duration;

const ORGANIZATION: &str = "organization_id";
const REDIRECT_URI: &str = "redirect_uri";

pub(super) async fn begin(call: &Call, request: &v1::BeginSsoRequest) -> Result<v1::BeginSsoResponse, Failure> {
    let mut fields = Fields::default();
    let whose = parse_whose(&mut fields, request);
    let redirect_uri = fields.parse(REDIRECT_URI, RedirectUri::parse(&request.redirect_uri));
    let origin = origin(call, &mut fields, request.client.as_ref());
    let command = fields.finish(|| Some(BeginSso { whose: whose?, redirect_uri: redirect_uri?, origin: origin? }))?;
    let begun = begin_sso(&call.env, &command).await?;
    Ok(v1::BeginSsoResponse {
        authorization_url: begun.authorization_url.expose().to_owned(),
        state: begun.state.expose().to_owned(),
        expires_in: Some(duration(begun.expires_in)),
    })
}

fn parse_whose(fields: &mut Fields, request: &v1::BeginSsoRequest) -> Option<Whose> {
    let organization = fields.parse_optional(ORGANIZATION, &request.organization_id, OrganizationId::parse);
    if !request.activation_token.is_empty() {
        let unverified_token = PlainSecret::new(request.activation_token.clone());
        return Some(Whose::Invited { unverified_token, organization });
    }
    if request.organization_id.is_empty() {
        fields.problem(ORGANIZATION, "must be given, unless activation_token is");
    }
    organization.map(Whose::Organization)
}

pub(super) async fn complete(
    call: &Call,
    request: &v1::CompleteSsoRequest,
) -> Result<v1::CompleteSsoResponse, Failure> {
    let mut fields = Fields::default();
    let origin = origin(call, &mut fields, request.client.as_ref());
    let command = fields.finish(|| {
        Some(CompleteSso {
            unverified_state: PlainSecret::new(request.state.clone()),
            unverified_code: PlainSecret::new(request.code.clone()),
            unverified_issuer: Some(request.issuer.clone()).filter(|issuer| !issuer.is_empty()),
            origin: origin?,
        })
    })?;
    let given = complete_sso(&call.env, &command).await?;
    Ok(v1::CompleteSsoResponse { result: Some(answered(given, Answer::Session, Answer::NextStep)) })
}

impl From<SsoError> for Failure {
    fn from(error: SsoError) -> Self {
        match error {
            SsoError::ProviderNotFound => sso_provider_not_found(),
            problem @ SsoError::RedirectUriUnknown => {
                Self::fields(vec![FieldProblem { path: REDIRECT_URI.to_owned(), problem: problem.to_string() }])
            }
            // One answer, whatever it is that is wrong: it tells nobody which accounts exist.
            SsoError::Refused => Self::new(
                Code::Unauthenticated,
                ErrorReason::SsoFailed,
                "the single sign-on was refused: the state or the code does not work, or nobody's account is \
                 linked to whoever signed in at the provider; begin again",
            ),
            SsoError::IdentityTaken => Self::already_exists(
                ErrorReason::SsoIdentityTaken,
                "whoever signed in at the provider has another account; sign in there as somebody else",
            ),
            SsoError::ProviderUnavailable => Self::new(
                Code::Unavailable,
                ErrorReason::SsoProviderUnavailable,
                "the provider of single sign-on does not answer as it should; begin again later",
            ),
            SsoError::Credential(error) => error.into(),
            SsoError::SignIn(error) => error.into(),
            SsoError::Storage(error) => Self::storage(error),
        }
    }
}
