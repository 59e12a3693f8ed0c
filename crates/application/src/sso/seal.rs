//! What is sealed, each bound to its row.

use varco_domain::OrganizationId;
use zeroize::Zeroizing;

use crate::{Environment, PlainSecret, SecretDigest};

fn secret_context(organization: OrganizationId) -> Vec<u8> {
    format!("sso client secret of {organization}").into_bytes()
}

fn proof_context(state: &SecretDigest) -> Vec<u8> {
    [b"sso request ".as_slice(), &state.0].concat()
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
pub(super) struct Proof {
    pub(super) nonce: PlainSecret,
    pub(super) verifier: PlainSecret,
}

/// Seals what an answer must fit. Neither part has a space in it.
pub(super) fn seal_proof(env: &Environment, state: &SecretDigest, proof: &Proof) -> Vec<u8> {
    let content = Zeroizing::new(format!("{} {}", proof.nonce.expose(), proof.verifier.expose()));
    env.vault.seal(&proof_context(state), content.as_bytes())
}

/// Opens what `seal_proof` gave.
pub(super) fn open_proof(env: &Environment, state: &SecretDigest, sealed: &[u8]) -> Option<Proof> {
    let content = text(&env.vault.open(&proof_context(state), sealed)?)?;
    let (nonce, verifier) = content.expose().split_once(' ')?;
    Some(Proof { nonce: PlainSecret::new(nonce.to_owned()), verifier: PlainSecret::new(verifier.to_owned()) })
}

fn text(content: &[u8]) -> Option<PlainSecret> {
    Some(PlainSecret::new(std::str::from_utf8(content).ok()?.to_owned()))
}
