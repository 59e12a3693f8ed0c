use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use varco_application::{Entropy, Sealer};

use crate::MasterKey;
use crate::aead::Cipher;

/// Keeps this key apart from every other that comes from the master key.
const PURPOSE: &str = "varco page tokens v1";

/// Seals with XChaCha20-Poly1305: the nonce, then what was encrypted and its tag, in base64url.
pub struct AeadSealer {
    cipher: Cipher,
}

impl AeadSealer {
    /// A sealer with a key of its own, derived from the installation's.
    pub fn new(master_key: &MasterKey, entropy: Arc<dyn Entropy>) -> Self {
        Self { cipher: Cipher::new(master_key, PURPOSE, entropy) }
    }
}

impl Sealer for AeadSealer {
    fn seal(&self, context: &[u8], plain: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.cipher.seal(context, plain))
    }

    fn open(&self, context: &[u8], sealed: &str) -> Option<Vec<u8>> {
        // The engine takes the canonical spelling alone: no padding, no stray bits at the end.
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        self.cipher.open(context, &bytes)
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
