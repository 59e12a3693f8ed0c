use std::fmt;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use varco_application::{Entropy, Vault};
use zeroize::Zeroizing;

use crate::MasterKey;

/// Keeps this key apart from every other that comes from the master key.
const PURPOSE: &str = "varco vault v1";

/// In bytes. So long that nonces drawn at random never meet, however much is sealed.
const NONCE_LENGTH: usize = 24;

/// Seals with XChaCha20-Poly1305: the nonce, then what was encrypted and its tag.
pub struct AeadVault {
    cipher: XChaCha20Poly1305,
    entropy: Arc<dyn Entropy>,
}

impl AeadVault {
    /// A vault with a key of its own, derived from the installation's.
    pub fn new(master_key: &MasterKey, entropy: Arc<dyn Entropy>) -> Self {
        let key = master_key.derive(PURPOSE);
        let key: &Key = (&*key).into();
        Self { cipher: XChaCha20Poly1305::new(key), entropy }
    }
}

impl Vault for AeadVault {
    fn seal(&self, context: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LENGTH];
        self.entropy.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: context };
        let encrypted = self.cipher.encrypt(&XNonce::from(nonce), payload);
        let encrypted = encrypted.expect("what is sealed is far below the 256 GiB that the cipher can take");
        [nonce.as_slice(), &encrypted].concat()
    }

    fn open(&self, context: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, encrypted) = sealed.split_first_chunk::<NONCE_LENGTH>()?;
        let payload = Payload { msg: encrypted, aad: context };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
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
