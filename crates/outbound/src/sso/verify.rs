//! What an ID token proves.

use std::time::Duration;

use chrono::{DateTime, Utc};
use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJwsSigningAlgorithm, CoreProviderMetadata};
use openidconnect::{ClaimsVerificationError, ClientId, IssuerUrl, JsonWebKeySet, Nonce, SignatureVerificationError};
use varco_application::{SsoAnswer, SsoFailure};
use varco_domain::{ExternalIdentity, Timestamp};

/// How long before now a token may have been issued: it was made for this very request.
const MAX_AGE: Duration = Duration::from_mins(10);

/// How far ahead of ours a provider's clock may be.
const LEEWAY: Duration = Duration::from_mins(1);

/// Signatures that only the provider can make. None with a shared secret, and none without a key.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Why a token proves nothing.
pub(super) enum Unproven {
    /// The key that it names is not among the provider's. It may be a new one.
    UnknownKey,
    /// It never will.
    Refused(&'static str),
}

impl From<Unproven> for SsoFailure {
    fn from(unproven: Unproven) -> Self {
        Self::Refused(match unproven {
            Unproven::UnknownKey => "an ID token signed with an unknown key",
            Unproven::Refused(text) => text,
        })
    }
}

/// Says who an ID token is about, if the provider signed it for us, for this request, just now.
pub(super) fn verify(
    token: &CoreIdToken,
    metadata: &CoreProviderMetadata,
    answer: &SsoAnswer<'_>,
    now: Timestamp,
) -> Result<ExternalIdentity, Unproven> {
    let issuer = &answer.provider.issuer;
    let client = ClientId::new(answer.provider.client_id.as_str().to_owned());
    let url = IssuerUrl::new(issuer.as_str().to_owned()).map_err(|_| Unproven::Refused("its issuer is no URL"))?;
    let verifier = verifier(client.clone(), url, metadata.jwks().clone(), now);
    let nonce = Nonce::new(answer.nonce.expose().to_owned());
    let claims = token.claims(&verifier, &nonce).map_err(|error| unproven(&error))?;
    // The library leaves this one to us.
    if claims.authorized_party().is_some_and(|party| *party != client) {
        return Err(Unproven::Refused("an ID token for another client (azp)"));
    }
    ExternalIdentity::parse(issuer.clone(), claims.subject().as_str())
        .map_err(|_| Unproven::Refused("an ID token about nobody that can be named"))
}

fn verifier(
    client: ClientId,
    issuer: IssuerUrl,
    keys: JsonWebKeySet<openidconnect::core::CoreJsonWebKey>,
    now: Timestamp,
) -> CoreIdTokenVerifier<'static> {
    let earliest = instant(now.minus(MAX_AGE));
    let latest = instant(now.plus(LEEWAY));
    // As of a client without a secret: then no token is taken that is signed with one.
    CoreIdTokenVerifier::new_public_client(client, issuer, keys)
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || instant(now))
        .set_issue_time_verifier_fn(move |issued| {
            let is_fresh = (earliest..=latest).contains(&issued);
            if is_fresh { Ok(()) } else { Err("not issued just now".to_owned()) }
        })
}

/// Instants out of the library's bounds, 260,000 years from now, are never met.
fn instant(instant: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(instant.as_micros()).unwrap_or(DateTime::UNIX_EPOCH)
}

fn unproven(error: &ClaimsVerificationError) -> Unproven {
    use ClaimsVerificationError as E;
    if let E::SignatureVerification(SignatureVerificationError::NoMatchingKey) = error {
        return Unproven::UnknownKey;
    }
    Unproven::Refused(match error {
        E::Expired(_) => "an ID token that has expired or was not issued just now",
        E::InvalidAudience(_) => "an ID token for somebody else",
        E::InvalidIssuer(_) => "an ID token of another issuer",
        E::InvalidNonce(_) => "an ID token for another request",
        E::SignatureVerification(_) => "an ID token without a signature that counts",
        _ => "an ID token that proves nothing",
    })
}
