use std::fmt;
use std::sync::Arc;

use varco_application::{Entropy, Vault};
use zeroize::Zeroizing;

use crate::MasterKey;
use crate::aead::Cipher;

/// Keeps this key apart from every other that comes from the master key.
const PURPOSE: &str = "varco vault v1";

/// Seals with XChaCha20-Poly1305: the nonce, then what was encrypted and its tag.
pub struct AeadVault {
    cipher: Cipher,
}

impl AeadVault {
    /// A vault with a key of its own, derived from the installation's.
    pub fn new(master_key: &MasterKey, entropy: Arc<dyn Entropy>) -> Self {
        Self { cipher: Cipher::new(master_key, PURPOSE, entropy) }
    }
}

impl Vault for AeadVault {
    fn seal(&self, context: &[u8], plain: &[u8]) -> Vec<u8> {
        self.cipher.seal(context, plain)
    }

    fn open(&self, context: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.cipher.open(context, sealed).map(Zeroizing::new)
    }
}

impl fmt::Debug for AeadVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AeadVault([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemEntropy;

    fn vault() -> AeadVault {
        AeadVault::new(&MasterKey::generate(&SystemEntropy), Arc::new(SystemEntropy))
    }

    #[test]
    fn what_was_sealed_opens_again_and_never_looks_alike() {
        let vault = vault();
        for content in [b"".as_slice(), b"x", b"402917"] {
            let sealed = vault.seal(b"mail_1", content);
            assert_eq!(vault.open(b"mail_1", &sealed).as_deref().map(Vec::as_slice), Some(content));
            assert_ne!(vault.seal(b"mail_1", content), sealed);
        }
    }

    #[test]
    fn another_context_or_installation_cannot_open_it() {
        let vault = vault();
        let sealed = vault.seal(b"mail_1", b"402917");

        assert_eq!(vault.open(b"mail_2", &sealed), None);
        assert_eq!(self::vault().open(b"mail_1", &sealed), None);
    }

    #[test]
    fn every_prefix_and_every_flipped_bit_is_refused() {
        let vault = vault();
        let sealed = vault.seal(b"mail_1", b"402917");

        for length in 0..sealed.len() {
            assert_eq!(vault.open(b"mail_1", &sealed[..length]), None, "{length} bytes");
        }
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(vault.open(b"mail_1", &changed), None, "bit {bit}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(format!("{:?}", vault()), "AeadVault([redacted])");
    }
}
