use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use jsonwebtoken::EncodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, ThumbprintHash};
use varco_application::{Entropy, KeyUnusable, SealedKey, Vault};
use zeroize::Zeroizing;

/// In bytes.
const LENGTH: usize = 32;

/// What comes before the 32 bytes of a private key of Ed25519 in PKCS #8 (RFC 8410).
const PKCS8: [u8; 16] = [0x30, 0x2e, 0x02, 0x01, 0, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

pub(super) fn generate(entropy: &dyn Entropy, vault: &dyn Vault) -> SealedKey {
    let mut seed = Zeroizing::new([0; LENGTH]);
    entropy.fill(seed.as_mut_slice());
    let published = published(&encoding_key(&seed)).expect("32 bytes are a private key of Ed25519, whatever they are");
    let sealed_private = vault.seal(&context(&published.id), seed.as_slice());
    SealedKey { id: published.id, public: published.bytes, sealed_private }
}

/// Gives the private key, if it is the one that belongs to what is published.
pub(super) fn open(key: &SealedKey, vault: &dyn Vault) -> Result<EncodingKey, KeyUnusable> {
    let seed = vault.open(&context(&key.id), &key.sealed_private).ok_or(KeyUnusable)?;
    let seed: &[u8; LENGTH] = seed.as_slice().try_into().map_err(|_| KeyUnusable)?;
    let private = encoding_key(seed);
    published(&private).filter(|published| published.bytes == key.public).ok_or(KeyUnusable)?;
    Ok(private)
}

/// Gives the public key, if it has the length of one.
pub(super) fn public(key: &SealedKey) -> Option<[u8; LENGTH]> {
    key.public.as_slice().try_into().ok()
}

fn context(id: &str) -> Vec<u8> {
    format!("signing key {id}").into_bytes()
}

fn encoding_key(seed: &[u8; LENGTH]) -> EncodingKey {
    let mut der = Zeroizing::new([0; PKCS8.len() + LENGTH]);
    der[..PKCS8.len()].copy_from_slice(&PKCS8);
    der[PKCS8.len()..].copy_from_slice(seed);
    EncodingKey::from_ed_der(der.as_slice())
}

struct Published {
    id: String,
    bytes: Vec<u8>,
}

fn published(private: &EncodingKey) -> Option<Published> {
    let jwk = Jwk::from_encoding_key(private, Algorithm::EdDSA).ok()?;
    let AlgorithmParameters::OctetKeyPair(pair) = &jwk.algorithm else { return None };
    let bytes = URL_SAFE_NO_PAD.decode(&pair.x).ok()?;
    Some(Published { id: jwk.thumbprint(ThumbprintHash::SHA256).ok()?, bytes })
}
