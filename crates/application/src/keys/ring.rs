use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use tokio::sync::Mutex;
use varco_domain::Timestamp;

use super::life;
use crate::storage::{SigningKey, StorageError, Store};
use crate::{AccessTokens, Claims, KeyUnusable, PlainSecret, SealedKey, TokenRefused};

/// How often at most tokens of unknown keys send us to storage. Anybody can make up such tokens.
const RELOAD_INTERVAL: Duration = Duration::from_secs(1);

/// The signing keys as this replica knows them.
pub struct KeyRing {
    access_tokens: Arc<dyn AccessTokens>,
    /// In the order of their making.
    keys: ArcSwap<Vec<SigningKey>>,
    /// Held while the keys are read, so that no older state replaces a newer one. Knows when a token
    /// of an unknown key last led to that, by the monotonic clock: a jump of the wall clock neither
    /// floods storage nor locks tokens out.
    reading: Mutex<Option<Instant>>,
}

impl KeyRing {
    /// An empty ring.
    pub fn new(access_tokens: Arc<dyn AccessTokens>) -> Self {
        Self { access_tokens, keys: ArcSwap::default(), reading: Mutex::default() }
    }

    /// The keys to publish now.
    pub fn published(&self, now: Timestamp) -> Vec<SealedKey> {
        let keys = self.keys.load();
        keys[life::withdrawn(&keys, now)..].iter().map(|key| key.key.clone()).collect()
    }

    /// Reads the keys anew. Fails with what the database says.
    pub async fn reload(&self, store: &dyn Store) -> Result<(), StorageError> {
        let _reading = self.reading.lock().await;
        self.read(store).await
    }

    /// Signs with the key whose turn it is.
    pub(crate) fn sign(&self, claims: &Claims, now: Timestamp) -> Result<PlainSecret, KeyUnusable> {
        let keys = self.keys.load();
        let signer = life::signer(&keys, now).ok_or(KeyUnusable)?;
        self.access_tokens.sign(&signer.key, claims)
    }

    /// Says whether every key here can be opened.
    pub(super) fn check(&self) -> Result<(), KeyUnusable> {
        self.keys.load().iter().try_for_each(|key| self.access_tokens.check(&key.key))
    }

    /// Makes a new pair of keys.
    pub(super) fn generate(&self) -> SealedKey {
        self.access_tokens.generate_key()
    }

    /// Reads a token. One of an unknown key may be of a key that another replica has just made.
    pub(crate) async fn verify(
        &self,
        store: &dyn Store,
        unverified: &str,
        now: Timestamp,
    ) -> Result<Option<Claims>, StorageError> {
        let known = self.verify_now(unverified, now);
        if known != Err(TokenRefused::UnknownKey) || !self.reload_rarely(store).await? {
            return Ok(known.ok());
        }
        Ok(self.verify_now(unverified, now).ok())
    }

    fn verify_now(&self, unverified: &str, now: Timestamp) -> Result<Claims, TokenRefused> {
        let keys = self.keys.load();
        let published: Vec<&SealedKey> = keys[life::withdrawn(&keys, now)..].iter().map(|key| &key.key).collect();
        self.access_tokens.verify(&published, unverified, now)
    }

    async fn reload_rarely(&self, store: &dyn Store) -> Result<bool, StorageError> {
        let mut last = self.reading.lock().await;
        if last.is_some_and(|last| last.elapsed() < RELOAD_INTERVAL) {
            return Ok(false);
        }
        *last = Some(Instant::now());
        self.read(store).await?;
        Ok(true)
    }

    async fn read(&self, store: &dyn Store) -> Result<(), StorageError> {
        let mut work = store.begin_read().await?;
        let keys = work.signing_keys().list().await?;
        self.keys.store(Arc::new(keys));
        Ok(())
    }
}
