use std::sync::{Arc, OnceLock};

use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use varco_application::{Environment, SealedKey};

/// How long anybody may keep the set. Invariant: shorter than a key is published before it signs.
const CACHE: &str = "public, max-age=300";

const CONTENT_TYPE: &str = "application/jwk-set+json";

/// The public keys that verify access tokens, as a JWK set (RFC 7517). There is none before the
/// server has read them.
#[derive(Clone, Default)]
pub struct KeySet(Arc<OnceLock<Arc<Environment>>>);

impl KeySet {
    /// Publishes the keys of a service from now on.
    pub fn publish(&self, env: &Arc<Environment>) {
        // Whoever publishes twice publishes the same.
        let _ = self.0.set(Arc::clone(env));
    }

    pub(super) fn answer(&self) -> Response {
        let Some(env) = self.0.get() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
        let keys = env.keys.published(env.clock.now());
        let headers: [(HeaderName, &str); 2] = [(header::CONTENT_TYPE, CONTENT_TYPE), (header::CACHE_CONTROL, CACHE)];
        (headers, write(&keys)).into_response()
    }
}

/// Needs no escapes: identifiers of keys are base64url as well.
fn write(keys: &[SealedKey]) -> String {
    let key = |key: &SealedKey| {
        let (id, public) = (&key.id, URL_SAFE_NO_PAD.encode(&key.public));
        format!(r#"{{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","kid":"{id}","x":"{public}"}}"#)
    };
    format!(r#"{{"keys":[{}]}}"#, keys.iter().map(key).collect::<Vec<_>>().join(","))
}
