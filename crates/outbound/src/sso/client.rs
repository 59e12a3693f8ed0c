use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreErrorResponseType, CoreIdToken, CoreProviderMetadata,
    CoreRequestTokenError,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, TokenResponse,
};
use varco_application::{SsoAnswer, SsoChallenge, SsoClient, SsoFailure};
use varco_domain::{ExternalIdentity, RedirectUri, SsoProvider, Timestamp};

use super::http::{HttpClient, HttpFailure};
use super::providers::{Providers, courier, plain_for};
use super::reach::Reach;
use super::verify::{Unproven, verify};

/// Of everything that one call asks of a provider.
const MAX_TIME: Duration = Duration::from_secs(8);

/// Asks providers over HTTP.
pub struct OpenIdClient {
    http: Arc<HttpClient>,
    providers: Providers,
}

impl OpenIdClient {
    /// A client that talks to providers within this reach.
    pub fn new(reach: Reach) -> Self {
        Self { http: Arc::new(HttpClient::new(reach)), providers: Providers::default() }
    }

    async fn exchange(
        &self,
        metadata: &CoreProviderMetadata,
        answer: &SsoAnswer<'_>,
    ) -> Result<CoreIdToken, SsoFailure> {
        let secret = ClientSecret::new(answer.secret.expose().to_owned());
        let client = CoreClient::from_provider_metadata(metadata.clone(), client_id(answer.provider), Some(secret))
            .set_redirect_uri(redirect_url(answer.redirect_uri)?)
            .set_auth_type(auth_type(metadata));
        let code = AuthorizationCode::new(answer.unverified_code.expose().to_owned());
        let request = client.exchange_code(code).map_err(|_| SsoFailure::Unavailable("it names no token endpoint"))?;
        let courier = courier(&self.http, &answer.provider.issuer);
        let verifier = PkceCodeVerifier::new(answer.verifier.expose().to_owned());
        let response = request.set_pkce_verifier(verifier).request_async(&courier).await;
        let response = response.map_err(|error| token_failure(&error))?;
        response.id_token().cloned().ok_or(SsoFailure::Refused("it gave no ID token"))
    }

    async fn identify_patiently(&self, answer: &SsoAnswer<'_>, now: Timestamp) -> Result<ExternalIdentity, SsoFailure> {
        let issuer = &answer.provider.issuer;
        let _place = self.providers.admit(issuer)?;
        let metadata = self.providers.find(&self.http, issuer, now).await?;
        let token = self.exchange(&metadata, answer).await?;
        match verify(&token, &metadata, answer, now) {
            Err(Unproven::UnknownKey) => {
                let metadata = self.providers.find_anew(&self.http, issuer, now).await?;
                Ok(verify(&token, &metadata, answer, now)?)
            }
            verified => Ok(verified?),
        }
    }
}

#[async_trait]
impl SsoClient for OpenIdClient {
    async fn authorization_url(
        &self,
        provider: &SsoProvider,
        redirect_uri: &RedirectUri,
        challenge: &SsoChallenge,
        now: Timestamp,
    ) -> Result<String, SsoFailure> {
        let found = self.providers.find(&self.http, &provider.issuer, now);
        let metadata = within_time(found).await?;
        let endpoint = metadata.authorization_endpoint().url();
        let is_protected = endpoint.scheme() == "https"
            || endpoint.host_str().is_some_and(|host| plain_for(&provider.issuer).allows(host));
        if !is_protected {
            return Err(SsoFailure::Unavailable("it sends browsers to an address without encryption"));
        }
        let client =
            CoreClient::from_provider_metadata(CoreProviderMetadata::clone(&metadata), client_id(provider), None)
                .set_redirect_uri(redirect_url(redirect_uri)?);
        let SsoChallenge { state, nonce, verifier } = challenge;
        let (state, nonce) = (CsrfToken::new(state.expose().to_owned()), Nonce::new(nonce.expose().to_owned()));
        let verifier = PkceCodeVerifier::new(verifier.expose().to_owned());
        // No scope but `openid`: a name is all we need.
        let (url, _, _) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url.into())
    }

    async fn identify(&self, answer: &SsoAnswer<'_>, now: Timestamp) -> Result<ExternalIdentity, SsoFailure> {
        within_time(self.identify_patiently(answer, now)).await
    }
}

async fn within_time<T>(work: impl Future<Output = Result<T, SsoFailure>> + Send) -> Result<T, SsoFailure> {
    let done = tokio::time::timeout(MAX_TIME, work).await;
    done.unwrap_or(Err(SsoFailure::Unavailable("no answer in time")))
}

fn client_id(provider: &SsoProvider) -> ClientId {
    ClientId::new(provider.client_id.as_str().to_owned())
}

fn redirect_url(uri: &RedirectUri) -> Result<RedirectUrl, SsoFailure> {
    RedirectUrl::new(uri.as_str().to_owned()).map_err(|_| SsoFailure::Refused("a redirect URI that is no URL"))
}

/// How the provider wants our secret: in the head, which every provider must know, unless it only knows
/// the other way.
fn auth_type(metadata: &CoreProviderMetadata) -> AuthType {
    let Some(methods) = metadata.token_endpoint_auth_methods_supported() else { return AuthType::BasicAuth };
    let is_known = |method| methods.contains(&method);
    if !is_known(CoreClientAuthMethod::ClientSecretBasic) && is_known(CoreClientAuthMethod::ClientSecretPost) {
        return AuthType::RequestBody;
    }
    AuthType::BasicAuth
}

fn token_failure(error: &CoreRequestTokenError<HttpFailure>) -> SsoFailure {
    match error {
        CoreRequestTokenError::Request(HttpFailure(text)) => SsoFailure::Unavailable(text),
        CoreRequestTokenError::ServerResponse(response) => match response.error() {
            CoreErrorResponseType::InvalidGrant => SsoFailure::Refused("it refused the code"),
            CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => {
                SsoFailure::Unavailable("it does not know us by our client id and secret")
            }
            _ => SsoFailure::Unavailable("it refused the exchange"),
        },
        _ => SsoFailure::Unavailable("an answer to the exchange that cannot be read"),
    }
}
