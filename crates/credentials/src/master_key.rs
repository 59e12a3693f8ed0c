use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use varco_application::{Entropy, PlainSecret};
use zeroize::{Zeroize, Zeroizing};

/// In bytes.
const LENGTH: usize = 32;

/// The key of an installation, from which the key for every purpose is derived. All replicas share
/// one. Wiped from memory when dropped.
pub struct MasterKey(Zeroizing<[u8; LENGTH]>);

/// Why a text is no master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MasterKeyError {
    /// Not base 64 (RFC 4648 section 4), or not 32 bytes of it.
    Malformed,
    /// One byte 32 times: a placeholder, which nobody drew at random.
    Placeholder,
}

impl fmt::Display for MasterKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "must be 32 random bytes in base 64, such as `openssl rand -base64 32` prints",
            Self::Placeholder => "must be random: it is a placeholder",
        })
    }
}

impl std::error::Error for MasterKeyError {}

impl MasterKey {
    /// Reads a key from base 64. White space around it, such as the line end of a file, is ignored.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let decoded = STANDARD.decode(text.trim()).map(Zeroizing::new).map_err(|_| MasterKeyError::Malformed)?;
        if decoded.len() != LENGTH {
            return Err(MasterKeyError::Malformed);
        }
        let mut bytes = Zeroizing::new([0; LENGTH]);
        bytes.copy_from_slice(&decoded);
        if bool::from(bytes.ct_eq(&[bytes[0]; LENGTH])) {
            return Err(MasterKeyError::Placeholder);
        }
        Ok(Self(bytes))
    }

    /// Draws a new key.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        entropy.fill(bytes.as_mut_slice());
        Self(bytes)
    }

    /// Writes the key as `parse` reads it.
    pub fn encode(&self) -> PlainSecret {
        PlainSecret::new(STANDARD.encode(self.0.as_slice()))
    }

    /// Gives the key for one purpose, which tells nothing of the master key or of any other.
    ///
    /// Both parts have a fixed or framed length, and the result is never shown, so a plain hash
    /// over them is as good as HKDF here.
    pub(crate) fn derive(&self, purpose: &'static str) -> Zeroizing<[u8; LENGTH]> {
        let hash = Sha256::new().chain_update(self.0.as_slice()).chain_update(purpose);
        let mut digest: [u8; LENGTH] = hash.finalize().into();
        let derived = Zeroizing::new(digest);
        digest.zeroize();
        derived
    }
}

impl PartialEq for MasterKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(other.0.as_slice()).into()
    }
}

impl Eq for MasterKey {}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemEntropy;

    #[test]
    fn a_key_reads_back_as_it_was_written() {
        let key = MasterKey::generate(&SystemEntropy);

        let line = format!("{}\n", key.encode().expose());

        assert_eq!(MasterKey::parse(&line), Ok(key));
    }

    #[test]
    fn a_key_of_another_length_or_spelling_is_refused() {
        let key = MasterKey::generate(&SystemEntropy).encode();
        let text = key.expose();

        for wrong in ["", "secret", &text[..43], &text[..40], &format!("{text}AAAA"), &format!("{text}=")] {
            assert_eq!(MasterKey::parse(wrong), Err(MasterKeyError::Malformed), "{wrong}");
        }
    }

    #[test]
    fn a_placeholder_is_refused() {
        let zeros = STANDARD.encode([0; 32]);

        assert_eq!(MasterKey::parse(&zeros), Err(MasterKeyError::Placeholder));
    }

    #[test]
    fn purposes_and_installations_have_keys_of_their_own() {
        let key = MasterKey::generate(&SystemEntropy);

        assert_eq!(*key.derive("a"), *key.derive("a"));
        assert_ne!(*key.derive("a"), *key.derive("b"));
        assert_ne!(*key.derive("a"), *MasterKey::generate(&SystemEntropy).derive("a"));
    }

    #[test]
    fn debug_shows_no_secret() {
        let key = MasterKey::generate(&SystemEntropy);

        assert_eq!(format!("{key:?}"), "MasterKey([redacted])");
        assert_eq!(format!("{:?}", key.encode()), "PlainSecret([redacted])");
    }
}
