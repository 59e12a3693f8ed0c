//! What is sealed, each bound to what it is for.

use varco_domain::{OrganizationId, SsoProvider};
use zeroize::Zeroizing;

use crate::storage::SsoRequest;
use crate::{Environment, PlainSecret, SecretDigest};

fn secret_context(organization: OrganizationId) -> Vec<u8> {
    format!("sso client secret of {organization}").into_bytes()
}

/// A request goes by the provider that it was made for, and by no other that was set meanwhile. Neither
/// name has a space in it.
fn expected_context(state: &SecretDigest, provider: &SsoProvider) -> Vec<u8> {
    let names = format!("sso request to {} of {} ", provider.issuer.as_str(), provider.client_id.as_str());
    [names.as_bytes(), &state.0].concat()
}

/// Seals our secret at a provider.
pub(super) fn seal_secret(env: &Environment, organization: OrganizationId, secret: &PlainSecret) -> Vec<u8> {
    env.vault.seal(&secret_context(organization), secret.expose().as_bytes())
}

/// Opens what `seal_secret` gave.
pub(super) fn open_secret(env: &Environment, organization: OrganizationId, sealed: &[u8]) -> Option<PlainSecret> {
    text(&env.vault.open(&secret_context(organization), sealed)?)
}

/// What the provider's answer to one request must fit.
pub(super) struct Expected {
    pub(super) nonce: PlainSecret,
    pub(super) verifier: PlainSecret,
}

/// Seals what an answer must fit. Neither part has a space in it.
pub(super) fn seal_expected(
    env: &Environment,
    state: &SecretDigest,
    provider: &SsoProvider,
    expected: &Expected,
) -> Vec<u8> {
    let content = Zeroizing::new(format!("{} {}", expected.nonce.expose(), expected.verifier.expose()));
    env.vault.seal(&expected_context(state, provider), content.as_bytes())
}

/// Opens what `seal_expected` gave.
pub(super) fn open_expected(env: &Environment, request: &SsoRequest, provider: &SsoProvider) -> Option<Expected> {
    let opened = env.vault.open(&expected_context(&request.state, provider), &request.sealed_expected)?;
    let content = text(&opened)?;
    let (nonce, verifier) = content.expose().split_once(' ')?;
    Some(Expected { nonce: PlainSecret::new(nonce.to_owned()), verifier: PlainSecret::new(verifier.to_owned()) })
}

fn text(content: &[u8]) -> Option<PlainSecret> {
    Some(PlainSecret::new(std::str::from_utf8(content).ok()?.to_owned()))
}
