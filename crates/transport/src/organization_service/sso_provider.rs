use varco_application::PlainSecret;
use varco_application::sso::{
    RemoveSsoProvider, SetSsoProvider, SsoProviderError, find_sso_provider, remove_sso_provider, set_sso_provider,
};
use varco_domain::{OrganizationId, RedirectUri, SsoClientId, SsoIssuer, SsoProvider};
use varco_proto::v1::{self, ErrorReason};

use crate::call::Call;
use crate::failure::{Failure, FieldProblem};
use crate::fields::{Fields, mode};
use crate::gate::organization_not_found;

const CLIENT_SECRET: &str = "client_secret";
const MAX_SECRET_BYTES: usize = 1024;

pub(super) async fn set(
    call: &Call,
    request: &v1::SetSsoProviderRequest,
) -> Result<v1::SetSsoProviderResponse, Failure> {
    let command = parse(request)?;
    let written = set_sso_provider(&call.env, &call.caller, &command).await?;
    Ok(v1::SetSsoProviderResponse { sso_provider: Some(present(&written.value)), revision: written.revision.get() })
}

fn parse(request: &v1::SetSsoProviderRequest) -> Result<SetSsoProvider, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let given = request.sso_provider.clone().unwrap_or_default();
    let issuer = fields.parse("sso_provider.issuer", SsoIssuer::parse(&given.issuer));
    let client_id = fields.parse("sso_provider.client_id", SsoClientId::parse(&given.client_id));
    let uris = "sso_provider.redirect_uris";
    fields.check_count(uris, given.redirect_uris.len(), 1..=SsoProvider::MAX_REDIRECT_URIS);
    let redirect_uris = fields.parse_each(uris, &given.redirect_uris, RedirectUri::parse);
    let secret = fields.parse_optional(CLIENT_SECRET, &request.client_secret, parse_secret);
    let mode = mode(request.validate_only);
    fields.finish(|| {
        let provider =
            SsoProvider { organization: organization?, issuer: issuer?, client_id: client_id?, redirect_uris };
        Some(SetSsoProvider { provider, secret, mode })
    })
}

fn parse_secret(text: &str) -> Result<PlainSecret, &'static str> {
    let is_secret = text.len() <= MAX_SECRET_BYTES && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_secret {
        Ok(PlainSecret::new(text.to_owned()))
    } else {
        Err("must be at most 1024 visible ASCII characters without spaces")
    }
}

pub(super) async fn get(
    call: &Call,
    request: &v1::GetSsoProviderRequest,
) -> Result<v1::GetSsoProviderResponse, Failure> {
    let mut fields = Fields::default();
    let id = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let provider = find_sso_provider(&call.env, fields.finish(|| id)?).await?;
    Ok(v1::GetSsoProviderResponse { sso_provider: Some(present(&provider)) })
}

pub(super) async fn remove(
    call: &Call,
    request: &v1::RemoveSsoProviderRequest,
) -> Result<v1::RemoveSsoProviderResponse, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let mode = mode(request.validate_only);
    let command = fields.finish(|| Some(RemoveSsoProvider { organization: organization?, mode }))?;
    let revision = remove_sso_provider(&call.env, &call.caller, &command).await?;
    Ok(v1::RemoveSsoProviderResponse { revision: revision.get() })
}

fn present(provider: &SsoProvider) -> v1::SsoProvider {
    v1::SsoProvider {
        issuer: provider.issuer.as_str().to_owned(),
        client_id: provider.client_id.as_str().to_owned(),
        redirect_uris: provider.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect(),
    }
}

/// The answer where an organization has no provider, or there is no such organization.
pub(crate) fn sso_provider_not_found() -> Failure {
    Failure::not_found(ErrorReason::SsoProviderNotFound, "the organization has no provider of single sign-on")
}

impl From<SsoProviderError> for Failure {
    fn from(error: SsoProviderError) -> Self {
        match error {
            SsoProviderError::OrganizationNotFound => organization_not_found(),
            SsoProviderError::ProviderNotFound => sso_provider_not_found(),
            problem @ SsoProviderError::SecretMissing => {
                Self::fields(vec![FieldProblem { path: CLIENT_SECRET.to_owned(), problem: problem.to_string() }])
            }
            SsoProviderError::Storage(error) => Self::storage(error),
        }
    }
}
