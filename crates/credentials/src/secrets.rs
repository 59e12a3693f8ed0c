use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use varco_application::{Entropy, PlainSecret, SecretDigest, Secrets};
use zeroize::Zeroizing;

use crate::typed;

/// Names the kind to people and to scanners for secrets that got where they should not be.
const SECRET_PREFIX: &str = "varco_secret_";
const TOKEN_PREFIX: &str = "varco_token_";
const LINK_PREFIX: &str = "varco_link_";
const REFRESH_PREFIX: &str = "varco_refresh_";
const CHALLENGE_PREFIX: &str = "varco_challenge_";
const SSO_PREFIX: &str = "varco_sso_";

/// In bytes: 256 bits, so that a digest without salt or stretching tells nothing.
const RANDOM_LENGTH: usize = 32;

/// Secrets and tokens as a prefix and 256 random bits in base64url.
pub struct TokenSecrets {
    entropy: Arc<dyn Entropy>,
}

impl TokenSecrets {
    /// Secrets made of this randomness.
    pub fn new(entropy: Arc<dyn Entropy>) -> Self {
        Self { entropy }
    }

    fn generate(&self, prefix: &str) -> PlainSecret {
        let mut random = Zeroizing::new([0; RANDOM_LENGTH]);
        self.entropy.fill(random.as_mut_slice());
        // Room for all of it at once: a text that grows leaves copies behind.
        let mut text = String::with_capacity(prefix.len() + RANDOM_LENGTH.div_ceil(3) * 4);
        text.push_str(prefix);
        URL_SAFE_NO_PAD.encode_string(random.as_slice(), &mut text);
        PlainSecret::new(text)
    }
}

impl Secrets for TokenSecrets {
    fn generate_secret(&self) -> PlainSecret {
        self.generate(SECRET_PREFIX)
    }

    fn generate_token(&self) -> PlainSecret {
        self.generate(TOKEN_PREFIX)
    }

    fn generate_link_token(&self) -> PlainSecret {
        self.generate(LINK_PREFIX)
    }

    fn generate_refresh_token(&self) -> PlainSecret {
        self.generate(REFRESH_PREFIX)
    }

    fn generate_challenge_token(&self) -> PlainSecret {
        self.generate(CHALLENGE_PREFIX)
    }

    fn generate_sso_secret(&self) -> PlainSecret {
        self.generate(SSO_PREFIX)
    }

    fn generate_temporary_password(&self) -> PlainSecret {
        typed::temporary_password(self.entropy.as_ref())
    }

    fn generate_pin(&self) -> PlainSecret {
        typed::pin(self.entropy.as_ref())
    }

    /// Over the whole text as presented, prefix and all: whatever differs in one character is
    /// another secret.
    fn digest(&self, presented: &str) -> SecretDigest {
        SecretDigest(Sha256::digest(presented).into())
    }
}

impl fmt::Debug for TokenSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecrets")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemEntropy;

    fn secrets() -> TokenSecrets {
        TokenSecrets::new(Arc::new(SystemEntropy))
    }

    #[test]
    fn secrets_and_tokens_have_their_prefix_and_256_random_bits() {
        let secrets = secrets();
        for (secret, prefix) in
            [(secrets.generate_secret(), "varco_secret_"), (secrets.generate_token(), "varco_token_")]
        {
            let random = secret.expose().strip_prefix(prefix).unwrap();
            assert_eq!(random.len(), 43);
            assert_eq!(URL_SAFE_NO_PAD.decode(random).unwrap().len(), 32);
        }
        assert_ne!(secrets.generate_secret(), secrets.generate_secret());
    }

    #[test]
    fn what_goes_through_a_browser_needs_no_escape_and_fits_a_verifier() {
        let secret = secrets().generate_sso_secret();
        let text = secret.expose();

        // RFC 7636, 4.1.
        assert!((43..=128).contains(&text.len()), "{}", text.len());
        let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        assert!(text.bytes().all(is_unreserved));
    }

    #[test]
    fn the_digest_is_of_the_whole_text() {
        let secrets = secrets();
        let token = secrets.generate_token();
        let text = token.expose();
        let digest = secrets.digest(text);

        assert_eq!(secrets.digest(text), digest);
        for length in 0..text.len() {
            assert_ne!(secrets.digest(&text[..length]), digest, "{length} characters");
        }
        for variant in [format!("{text}="), format!("{text} "), text.to_uppercase(), text["varco_".len()..].to_owned()]
        {
            assert_ne!(secrets.digest(&variant), digest, "{variant}");
        }
    }

    #[test]
    fn the_digest_is_sha_256() {
        let expected = [0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea];

        assert_eq!(secrets().digest("abc").0[..8], expected);
    }

    #[test]
    fn debug_shows_no_secret() {
        let secrets = secrets();
        let secret = secrets.generate_secret();

        assert_eq!(format!("{secret:?}"), "PlainSecret([redacted])");
        assert_eq!(format!("{:?}", secrets.digest(secret.expose())), "SecretDigest");
        assert_eq!(format!("{secrets:?}"), "TokenSecrets");
    }
}
