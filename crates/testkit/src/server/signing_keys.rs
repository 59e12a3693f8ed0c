//! Signing keys of a test's own making.

use std::sync::Arc;

use varco_application::storage::SigningKey;
use varco_application::{AccessTokens, Entropy};
use varco_credentials::{AeadVault, JwtAccessTokens};

use super::{TestServer, token_scope};

/// A seed in the place of randomness.
struct Seed([u8; 32]);

impl Entropy for Seed {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&self.0[..bytes.len()]);
    }
}

impl TestServer {
    /// Adds a signing key that the test knows too, and gives its id. The server publishes it at once,
    /// and signs with it from ten minutes later on.
    pub async fn plant_signing_key(&self, seed: [u8; 32]) -> String {
        let env = self.environment().await;
        let vault = Arc::new(AeadVault::new(&self.master_key, self.entropy.clone()));
        let key = JwtAccessTokens::new(token_scope(), vault, Arc::new(Seed(seed))).generate_key();
        let id = key.id.clone();
        let mut work = env.store.begin().await.expect("the database answers");
        let others = work.signing_keys().list().await.expect("the keys are readable");
        let generation = others.last().map_or(1, |newest| newest.generation + 1);
        let new = SigningKey { key, generation, created_at: env.clock.now() };
        work.signing_keys().insert(&new).await.expect("the key is new");
        work.commit().await.expect("the database answers");
        env.keys.reload(env.store.as_ref()).await.expect("the database answers");
        id
    }
}
