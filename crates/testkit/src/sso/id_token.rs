//! ID tokens, right and wrong ones.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use varco_domain::Timestamp;

use super::hostile::Mischief;
use super::{SSO_CLIENT_ID, SSO_CLIENT_SECRET};

/// What a token should say.
pub(super) struct Facts<'a> {
    pub(super) issuer: &'a str,
    pub(super) subject: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

/// The key whose public half is published.
fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// The published set: that key alone.
pub(super) fn key_set() -> Value {
    let x = URL_SAFE_NO_PAD.encode(key().verifying_key().as_bytes());
    json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "one", "use": "sig", "alg": "EdDSA" }] })
}

/// Writes a token, wrong in one way.
pub(super) fn id_token(facts: &Facts<'_>, mischief: Mischief) -> String {
    let head = encode(&header(mischief));
    let text = format!("{head}.{}", encode(&claims(facts, mischief)));
    let signature = match mischief {
        Mischief::Unsigned | Mischief::NoSignature => Vec::new(),
        Mischief::SharedSecret => hmac(&text),
        Mischief::ForeignKey => SigningKey::from_bytes(&[8; 32]).sign(text.as_bytes()).to_bytes().to_vec(),
        _ => key().sign(text.as_bytes()).to_bytes().to_vec(),
    };
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn header(mischief: Mischief) -> Value {
    match mischief {
        Mischief::Unsigned => json!({ "alg": "none" }),
        Mischief::SharedSecret => json!({ "alg": "HS256" }),
        Mischief::UnknownKey => json!({ "alg": "EdDSA", "kid": "two" }),
        Mischief::AccessToken => json!({ "alg": "EdDSA", "kid": "one", "typ": "at+jwt" }),
        _ => json!({ "alg": "EdDSA", "kid": "one" }),
    }
}

fn claims(facts: &Facts<'_>, mischief: Mischief) -> Value {
    let now = facts.now.as_micros() / 1_000_000;
    let minutes = |count: u64| i64::try_from(Duration::from_mins(count).as_secs()).expect("a few minutes");
    let mut claims = json!({
        "iss": facts.issuer,
        "sub": facts.subject,
        "aud": SSO_CLIENT_ID,
        "nonce": facts.nonce,
        "iat": now,
        "exp": now + minutes(5),
    });
    let (name, value) = match mischief {
        Mischief::WrongNonce => ("nonce", json!("another")),
        Mischief::NoNonce => ("nonce", Value::Null),
        Mischief::WrongIssuer => ("iss", json!("https://idp.example")),
        Mischief::SlashedIssuer => ("iss", json!(format!("{}/", facts.issuer))),
        Mischief::WrongAudience => ("aud", json!("somebody-else")),
        Mischief::ManyAudiences => ("aud", json!([SSO_CLIENT_ID, "somebody-else"])),
        Mischief::WrongParty => ("azp", json!("somebody-else")),
        Mischief::Expired => ("exp", json!(now - 1)),
        Mischief::Old => ("iat", json!(now - minutes(11))),
        Mischief::Early => ("iat", json!(now + minutes(2))),
        Mischief::EmptySubject => ("sub", json!("")),
        Mischief::LongSubject => ("sub", json!("a".repeat(256))),
        Mischief::SubjectOfAnotherType => ("sub", json!(["a"])),
        _ => return claims,
    };
    match value {
        Value::Null => _ = claims.as_object_mut().expect("an object").remove(name),
        value => claims[name] = value,
    }
    claims
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn hmac(text: &str) -> Vec<u8> {
    use hmac::{KeyInit, Mac};
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(SSO_CLIENT_SECRET.as_bytes()).expect("any length is one");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
