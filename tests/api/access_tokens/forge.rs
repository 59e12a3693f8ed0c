use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use varco_testkit::{OrganizationActor, TestServer};

use super::SignedIn;

/// Signs whatever it is told to, with a key that the server knows: by an implementation of Ed25519
/// that is not the server's.
pub(super) struct Forge {
    pair: Ed25519KeyPair,
    stranger: Ed25519KeyPair,
    pub(super) key_id: String,
    /// In seconds.
    pub(super) now: i64,
    good: Value,
}

impl Forge {
    /// Knows a key of the server, and what a good token of a session says.
    pub(super) async fn of(server: &TestServer, organization: &OrganizationActor, signed_in: &SignedIn) -> Self {
        let seed = [7; 32];
        let key_id = server.plant_signing_key(seed).await;
        let now = server.environment().await.clock.now().as_seconds();
        let good = json!({
            "iss": "https://varco.test",
            "aud": "varco",
            "sub": signed_in.user,
            "sid": signed_in.session.to_string(),
            "org": organization.organization,
            "jti": "04040404-0404-4404-8404-040404040404",
            "iat": now,
            "nbf": now,
            "exp": now + 300,
        });
        let pair = |seed: [u8; 32]| Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
        Self { pair: pair(seed), stranger: pair([8; 32]), key_id, now, good }
    }

    /// The header that works.
    pub(super) fn header(&self) -> Value {
        json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": self.key_id })
    }

    /// The claims that work.
    pub(super) fn claims(&self) -> Value {
        self.good.clone()
    }

    /// The claims with one of them replaced, or taken out where it is replaced by null.
    pub(super) fn claims_with(&self, name: &str, value: Value) -> String {
        with(self.claims(), name, value).to_string()
    }

    /// The header with one field replaced or added, or taken out where it is replaced by null.
    pub(super) fn header_with(&self, name: &str, value: Value) -> String {
        with(self.header(), name, value).to_string()
    }

    /// A token of these texts with a good signature.
    pub(super) fn sign(&self, header: &str, claims: &str) -> String {
        let signed = signed_part(header, claims);
        let signature = self.pair.sign(signed.as_bytes());
        format!("{signed}.{}", encode(signature.as_ref()))
    }

    /// A token that works.
    pub(super) fn good(&self) -> String {
        self.sign(&self.header().to_string(), &self.claims().to_string())
    }

    /// A token of these texts, signed with a key that the server does not know.
    pub(super) fn sign_as_stranger(&self, header: &str, claims: &str) -> String {
        let signed = signed_part(header, claims);
        let signature = self.stranger.sign(signed.as_bytes());
        format!("{signed}.{}", encode(signature.as_ref()))
    }

    /// A token of these texts with an HMAC made with the public key, which everybody knows.
    pub(super) fn sign_with_public_key(&self, header: &str, claims: &str) -> String {
        let signed = signed_part(header, claims);
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, self.pair.public_key().as_ref());
        format!("{signed}.{}", encode(ring::hmac::sign(&key, signed.as_bytes()).as_ref()))
    }

    /// The stranger's public key, as a JWK.
    pub(super) fn strange_jwk(&self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(self.stranger.public_key().as_ref()) })
    }
}

/// A token without its signature.
pub(super) fn signed_part(header: &str, claims: &str) -> String {
    format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()))
}

pub(super) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    let fields = object.as_object_mut().unwrap();
    match value {
        Value::Null => _ = fields.remove(name).unwrap(),
        value => _ = fields.insert(name.to_owned(), value),
    }
    object
}
