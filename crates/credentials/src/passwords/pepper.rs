use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::MasterKey;

/// Keeps this key apart from every other that comes from the master key. Passwords hashed under it
/// are lost when it changes: a new pepper is a new version beside this one.
const PURPOSE: &str = "varco password pepper v1";

/// In bytes.
pub(super) const KEYED_LENGTH: usize = 32;

/// In bytes. Whatever a password may be is shorter in any Unicode form, and nothing longer is
/// normalized.
const MAX_PRESENTED: usize = 2048;

/// The key that storage does not hold: a stolen database alone tells nothing, not even PINs.
pub(super) struct Pepper(Zeroizing<[u8; 32]>);

impl Pepper {
    pub(super) fn new(master_key: &MasterKey) -> Self {
        Self(master_key.derive(PURPOSE))
    }

    /// HMAC-SHA-256 over the NFKC form. `None` for what is too long to be anyone's password.
    pub(super) fn apply(&self, secret: &str) -> Option<Zeroizing<[u8; KEYED_LENGTH]>> {
        if secret.len() > MAX_PRESENTED {
            return None;
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("a key of any length will do");
        let mut utf8 = Zeroizing::new([0; 4]);
        for character in secret.nfkc() {
            mac.update(character.encode_utf8(utf8.as_mut_slice()).as_bytes());
        }
        Some(Zeroizing::new(mac.finalize().into_bytes().into()))
    }
}
