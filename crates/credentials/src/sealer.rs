use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use varco_application::{Entropy, Sealer};

use crate::MasterKey;

/// Keeps this key apart from every other that comes from the master key.
const PURPOSE: &str = "varco page tokens v1";

/// In bytes. So long that nonces drawn at random never meet, however many tokens are sealed.
const NONCE_LENGTH: usize = 24;

/// Seals with XChaCha20-Poly1305: the nonce, then what was encrypted and its tag, in base64url.
pub struct AeadSealer {
    cipher: XChaCha20Poly1305,
    entropy: Arc<dyn Entropy>,
}

impl AeadSealer {
    /// A sealer with a key of its own, derived from the installation's.
    pub fn new(master_key: &MasterKey, entropy: Arc<dyn Entropy>) -> Self {
        let key = master_key.derive(PURPOSE);
        let key: &Key = (&*key).into();
        Self { cipher: XChaCha20Poly1305::new(key), entropy }
    }
}

impl Sealer for AeadSealer {
    fn seal(&self, context: &[u8], plain: &[u8]) -> String {
        let mut nonce = [0; NONCE_LENGTH];
        self.entropy.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: context };
        let encrypted = self.cipher.encrypt(&XNonce::from(nonce), payload);
        let encrypted = encrypted.expect("what is sealed is far below the 256 GiB that the cipher can take");
        URL_SAFE_NO_PAD.encode([nonce.as_slice(), &encrypted].concat())
    }

    fn open(&self, context: &[u8], sealed: &str) -> Option<Vec<u8>> {
        // The engine takes the canonical spelling alone: no padding, no stray bits at the end.
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, encrypted) = bytes.split_first_chunk::<NONCE_LENGTH>()?;
        let payload = Payload { msg: encrypted, aad: context };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).ok()
    }
}

impl fmt::Debug for AeadSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AeadSealer([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemEntropy;

    fn sealer() -> AeadSealer {
        AeadSealer::new(&MasterKey::generate(&SystemEntropy), Arc::new(SystemEntropy))
    }

    #[test]
    fn what_was_sealed_opens_again() {
        let sealer = sealer();

        for content in [b"".as_slice(), b"x", b"the key of the last item"] {
            assert_eq!(sealer.open(b"query", &sealer.seal(b"query", content)).as_deref(), Some(content));
        }
    }

    #[test]
    fn one_content_is_sealed_differently_each_time() {
        let sealer = sealer();

        assert_ne!(sealer.seal(b"query", b"key"), sealer.seal(b"query", b"key"));
    }

    #[test]
    fn another_context_or_installation_cannot_open_it() {
        let sealer = sealer();
        let token = sealer.seal(b"query", b"key");

        assert_eq!(sealer.open(b"", &token), None);
        assert_eq!(sealer.open(b"query2", &token), None);
        assert_eq!(self::sealer().open(b"query", &token), None);
    }

    #[test]
    fn every_strict_prefix_is_refused() {
        let sealer = sealer();
        let token = sealer.seal(b"query", b"the key of the last item");

        for length in 0..token.len() {
            assert_eq!(sealer.open(b"query", &token[..length]), None, "{length} characters");
        }
    }

    #[test]
    fn every_other_character_in_any_place_is_refused() {
        let sealer = sealer();
        let token = sealer.seal(b"query", b"the key");

        for place in 0..token.len() {
            for other in 0..=127_u8 {
                let mut changed = token.clone().into_bytes();
                if changed[place] == other {
                    continue;
                }
                changed[place] = other;
                let changed = String::from_utf8(changed).unwrap();
                assert_eq!(sealer.open(b"query", &changed), None, "{other} at {place}");
            }
        }
    }

    #[test]
    fn padding_case_and_surroundings_are_refused() {
        let sealer = sealer();
        // All lengths modulo three, for all amounts of padding.
        for content in ["k", "ke", "key"] {
            let token = sealer.seal(b"query", content.as_bytes());
            let variants = [
                format!("{token}="),
                format!("{token}=="),
                format!("{token}A"),
                format!("{token}AAAA"),
                format!("{token}\n"),
                format!(" {token}"),
                token.to_uppercase(),
                token.to_lowercase(),
            ];
            for variant in variants {
                assert_eq!(sealer.open(b"query", &variant), None, "{variant}");
            }
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(format!("{:?}", sealer()), "AeadSealer([redacted])");
    }
}
