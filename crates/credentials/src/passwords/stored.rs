use argon2::password_hash::phc::{self, Output, ParamsString, Salt};
use argon2::{ARGON2ID_IDENT, Params, Version};
use varco_application::PasswordHash;

use super::HashParameters;

/// In bytes.
pub(super) const SALT_LENGTH: usize = 16;
/// In bytes.
pub(super) const TAG_LENGTH: usize = 32;

/// What was done to a password before it was hashed: the version of the pepper and the Unicode form.
/// Stands before the PHC string, so that either can change while older hashes stay readable.
const PREFIX: &str = "pepper=1,form=nfkc";

/// A stored hash, read.
pub(super) struct Stored {
    pub(super) parameters: HashParameters,
    pub(super) salt: [u8; SALT_LENGTH],
    pub(super) tag: [u8; TAG_LENGTH],
}

impl Stored {
    /// Stands in for the hash that an absent account does not have.
    pub(super) fn absent(parameters: HashParameters) -> Self {
        Self { parameters, salt: [0; SALT_LENGTH], tag: [0; TAG_LENGTH] }
    }

    /// Reads what `write` wrote. What cannot be read matches nothing, and the log says so.
    pub(super) fn read(text: &PasswordHash) -> Option<Self> {
        let stored = Self::parse(&text.0);
        if stored.is_none() {
            tracing::error!("a stored password hash cannot be read: its owner needs a new password");
        }
        stored
    }

    fn parse(text: &str) -> Option<Self> {
        let hash = phc::PasswordHash::new(text.strip_prefix(PREFIX)?).ok()?;
        let is_ours = hash.algorithm == ARGON2ID_IDENT && hash.version == Some(Version::V0x13.into());
        let parameters = HashParameters::of(&Params::try_from(&hash).ok()?)?;
        let salt = hash.salt?.as_ref().try_into().ok()?;
        let tag = hash.hash?.as_bytes().try_into().ok()?;
        is_ours.then_some(Self { parameters, salt, tag })
    }

    pub(super) fn write(&self) -> PasswordHash {
        let fits = "salt, tag and parameters have lengths that a PHC string takes";
        let hash = phc::PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&self.parameters.to_argon2()).expect(fits),
            salt: Some(Salt::new(&self.salt).expect(fits)),
            hash: Some(Output::new(&self.tag).expect(fits)),
        };
        PasswordHash(format!("{PREFIX}{hash}"))
    }
}
