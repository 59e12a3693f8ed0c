use jsonwebtoken::{Algorithm, Header};
use serde::Deserialize;

/// The kind of token (RFC 9068 section 2.1), so that no other JWT of ours is ever taken for one.
const TYPE: &str = "at+jwt";

const ALGORITHM: &str = "EdDSA";

/// Exactly the three fields that we write. Anything more, such as a key or the address of one, is
/// somebody else's doing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnverifiedHeader {
    typ: String,
    alg: String,
    kid: String,
}

impl UnverifiedHeader {
    /// Which key is said to have signed, if the rest is as we write it.
    pub(super) fn key_id(self) -> Option<String> {
        (self.typ == TYPE && self.alg == ALGORITHM).then_some(self.kid)
    }
}

pub(super) fn write(key_id: &str) -> Header {
    Header { typ: Some(TYPE.to_owned()), kid: Some(key_id.to_owned()), ..Header::new(Algorithm::EdDSA) }
}
