use std::sync::Arc;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use varco_application::Entropy;

use crate::MasterKey;

/// In bytes. So long that nonces drawn at random never meet, however much is sealed.
const NONCE_LENGTH: usize = 24;

/// Seals with XChaCha20-Poly1305: the nonce, then what was encrypted and its tag.
pub(crate) struct Cipher {
    cipher: XChaCha20Poly1305,
    entropy: Arc<dyn Entropy>,
}

impl Cipher {
    /// A cipher with a key of its own for a purpose, derived from the installation's.
    pub(crate) fn new(master_key: &MasterKey, purpose: &'static str, entropy: Arc<dyn Entropy>) -> Self {
        let key = master_key.derive(purpose);
        let key: &Key = (&*key).into();
        Self { cipher: XChaCha20Poly1305::new(key), entropy }
    }

    pub(crate) fn seal(&self, context: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LENGTH];
        self.entropy.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: context };
        let encrypted = self.cipher.encrypt(&XNonce::from(nonce), payload);
        let encrypted = encrypted.expect("what is sealed is far below the 256 GiB that the cipher can take");
        [nonce.as_slice(), &encrypted].concat()
    }

    pub(crate) fn open(&self, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, encrypted) = sealed.split_first_chunk::<NONCE_LENGTH>()?;
        let payload = Payload { msg: encrypted, aad: context };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).ok()
    }
}
