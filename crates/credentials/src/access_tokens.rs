//! Access tokens of users: JWTs (RFC 9068) signed with Ed25519 (RFC 8037).
//!
//! The library checks the signature and nothing else; what a token says is checked here, field by
//! field, against the clock that is handed in. Until then its parts are called unverified.

mod claims;
mod header;
mod key;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::de::DeserializeOwned;
use varco_application::{AccessTokens, Claims, Entropy, KeyUnusable, PlainSecret, SealedKey, TokenRefused, Vault};
use varco_domain::Timestamp;

use claims::{Payload, UnverifiedPayload};
use header::UnverifiedHeader;

/// The longest token that is looked at, in bytes: what is longer costs us nothing.
const MAX_LENGTH: usize = 4096;

/// Who issues tokens, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenScope {
    /// `iss`: the URL under which the published keys are found.
    pub issuer: String,
    /// `aud`: the service that tokens are meant for.
    pub audience: String,
}

/// Signs and verifies tokens of one issuer for one audience.
pub struct JwtAccessTokens {
    scope: TokenScope,
    vault: Arc<dyn Vault>,
    entropy: Arc<dyn Entropy>,
}

impl JwtAccessTokens {
    /// Private keys are sealed by this vault and made of this randomness.
    pub fn new(scope: TokenScope, vault: Arc<dyn Vault>, entropy: Arc<dyn Entropy>) -> Self {
        Self { scope, vault, entropy }
    }
}

impl AccessTokens for JwtAccessTokens {
    fn generate_key(&self) -> SealedKey {
        key::generate(self.entropy.as_ref(), self.vault.as_ref())
    }

    fn check(&self, key: &SealedKey) -> Result<(), KeyUnusable> {
        key::open(key, self.vault.as_ref()).map(drop)
    }

    fn sign(&self, key: &SealedKey, claims: &Claims) -> Result<PlainSecret, KeyUnusable> {
        let private = key::open(key, self.vault.as_ref())?;
        let payload = Payload::new(&self.scope, claims);
        let token = jsonwebtoken::encode(&header::write(&key.id), &payload, &private).map_err(|_| KeyUnusable)?;
        Ok(PlainSecret::new(token))
    }

    fn verify(&self, keys: &[&SealedKey], unverified: &str, now: Timestamp) -> Result<Claims, TokenRefused> {
        if unverified.len() > MAX_LENGTH {
            return Err(TokenRefused::Invalid);
        }
        let (signed, signature) = unverified.rsplit_once('.').ok_or(TokenRefused::Invalid)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenRefused::Invalid)?;
        let header: UnverifiedHeader = decode(header).ok_or(TokenRefused::Invalid)?;
        let unverified_id = header.key_id().ok_or(TokenRefused::Invalid)?;
        let key = keys.iter().find(|key| key.id == unverified_id).ok_or(TokenRefused::UnknownKey)?;
        if !is_signature(signature, signed, key) {
            return Err(TokenRefused::Invalid);
        }
        // Signed by us, so it says what we once said; whether it still holds, and here, is another question.
        let payload: UnverifiedPayload = decode(payload).ok_or(TokenRefused::Invalid)?;
        payload.verified(&self.scope, now).ok_or(TokenRefused::Invalid)
    }
}

fn is_signature(signature: &str, signed: &str, key: &SealedKey) -> bool {
    let Some(public) = key::public(key) else { return false };
    let verifier = DecodingKey::from_ed_der(&public);
    jsonwebtoken::crypto::verify(signature, signed.as_bytes(), &verifier, Algorithm::EdDSA).is_ok_and(|is_ours| is_ours)
}

/// Reads a part of a token: an object of JSON in base64url, in its one canonical spelling.
fn decode<T: DeserializeOwned>(part: &str) -> Option<T> {
    let json = URL_SAFE_NO_PAD.decode(part).ok()?;
    // The library would read a list as the fields of an object in their order.
    if json.first() != Some(&b'{') {
        return None;
    }
    serde_json::from_slice(&json).ok()
}

impl fmt::Debug for JwtAccessTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtAccessTokens").field("scope", &self.scope).finish_non_exhaustive()
    }
}
