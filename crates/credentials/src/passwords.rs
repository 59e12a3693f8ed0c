//! Passwords and PINs: peppered, then hashed with argon2id on threads of their own.

mod parameters;
mod pepper;
mod pool;
mod queue;
mod stored;

pub use parameters::HashParameters;

use std::fmt;
use std::sync::Arc;

use argon2::{Algorithm, Argon2, Block, Version};
use async_trait::async_trait;
use subtle::{Choice, ConstantTimeEq};
use varco_application::{Entropy, HasherBusy, PasswordHash, PasswordHasher, PlainSecret, Verified};
use zeroize::Zeroizing;

use crate::MasterKey;
use pepper::{KEYED_LENGTH, Pepper};
use pool::Pool;
use stored::{SALT_LENGTH, Stored, TAG_LENGTH};

/// Hashes with argon2id, on as many threads as there are cores.
pub struct Argon2Passwords {
    hashing: Arc<Hashing>,
    pool: Pool,
}

impl Argon2Passwords {
    /// Starts the threads. The pepper comes from the installation's key; `parameters` are
    /// `HashParameters::PRODUCTION` anywhere but in tests.
    pub fn start(parameters: HashParameters, master_key: &MasterKey, entropy: Arc<dyn Entropy>) -> Self {
        let hashing = Hashing { parameters, pepper: Pepper::new(master_key), entropy };
        Self { hashing: Arc::new(hashing), pool: Pool::start() }
    }
}

#[async_trait]
impl PasswordHasher for Argon2Passwords {
    async fn hash(&self, secret: PlainSecret) -> Result<PasswordHash, HasherBusy> {
        let hashing = Arc::clone(&self.hashing);
        self.pool.run(move |memory| hashing.hash(&secret, memory)).await
    }

    async fn verify(&self, stored: Option<PasswordHash>, presented: PlainSecret) -> Result<Verified, HasherBusy> {
        let hashing = Arc::clone(&self.hashing);
        self.pool.run(move |memory| hashing.verify(stored.as_ref(), &presented, memory)).await
    }
}

impl fmt::Debug for Argon2Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Argon2Passwords([redacted])")
    }
}

/// What a thread of the pool needs to hash.
struct Hashing {
    parameters: HashParameters,
    pepper: Pepper,
    entropy: Arc<dyn Entropy>,
}

impl Hashing {
    fn hash(&self, secret: &PlainSecret, memory: &mut Vec<Block>) -> PasswordHash {
        let mut salt = [0; SALT_LENGTH];
        self.entropy.fill(&mut salt);
        let keyed = self.pepper.apply(secret.expose()).unwrap_or_default();
        let tag = argon2id(self.parameters, &keyed, &salt, memory);
        Stored { parameters: self.parameters, salt, tag: *tag }.write()
    }

    /// Does the same work whatever is stored and presented, and decides without a branch on either.
    fn verify(&self, stored: Option<&PasswordHash>, presented: &PlainSecret, memory: &mut Vec<Block>) -> Verified {
        let found = stored.and_then(Stored::read);
        let keyed = self.pepper.apply(presented.expose());
        let can_match = Choice::from(u8::from(found.is_some() && keyed.is_some()));
        let Stored { parameters, salt, tag } = found.unwrap_or_else(|| Stored::absent(self.parameters));
        let computed = argon2id(parameters, &keyed.unwrap_or_default(), &salt, memory);
        let matches = computed.ct_eq(&tag) & can_match;
        match (bool::from(matches), parameters.is_weaker_than(self.parameters)) {
            (false, _) => Verified::No,
            (true, false) => Verified::Yes,
            (true, true) => Verified::YesButOutdated,
        }
    }
}

fn argon2id(
    parameters: HashParameters,
    keyed: &[u8; KEYED_LENGTH],
    salt: &[u8; SALT_LENGTH],
    memory: &mut Vec<Block>,
) -> Zeroizing<[u8; TAG_LENGTH]> {
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters.to_argon2());
    let blocks = hasher.params().block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::new());
    }
    let mut tag = Zeroizing::new([0; TAG_LENGTH]);
    let result = hasher.hash_password_into_with_memory(keyed, salt, tag.as_mut_slice(), memory);
    result.expect("the memory is large enough, and the lengths are those that argon2 allows");
    tag
}

#[cfg(test)]
mod tests;
