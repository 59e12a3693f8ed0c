//! What rarely happens, when a test wants it: lost units of work, busy threads, and what comes between
//! a password and its verification.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use varco_application::mails::Outbox;
use varco_application::storage::{StorageError, Store, UnitOfWork};
use varco_application::{Environment, HasherBusy, PasswordHash, PasswordHasher, PlainSecret, Verified};

use crate::TestServer;

type Meanwhile = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What goes wrong next.
#[derive(Default)]
pub struct Faults {
    begins: Mutex<VecDeque<bool>>,
    hashes: Mutex<VecDeque<bool>>,
    meanwhile: Mutex<Option<Meanwhile>>,
}

impl Faults {
    /// Which of the next units of work that may write lose against others; those after them do not.
    pub fn lose(&self, which: impl IntoIterator<Item = bool>) {
        self.begins.lock().unwrap_or_else(PoisonError::into_inner).extend(which);
    }

    /// Which of the next secrets find no thread to hash them; those after them do.
    pub fn be_busy(&self, which: impl IntoIterator<Item = bool>) {
        self.hashes.lock().unwrap_or_else(PoisonError::into_inner).extend(which);
    }

    /// Lets something happen while the next secret is verified.
    pub fn meanwhile(&self, work: impl Future<Output = ()> + Send + 'static) {
        *self.meanwhile.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::pin(work));
    }

    /// Says whether nothing is left that was to go wrong.
    pub fn is_over(&self) -> bool {
        let is_empty = |plan: &Mutex<VecDeque<bool>>| plan.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        is_empty(&self.begins) && is_empty(&self.hashes)
    }
}

fn next(plan: &Mutex<VecDeque<bool>>) -> bool {
    plan.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or_default()
}

struct FaultyStore {
    store: Arc<dyn Store>,
    faults: Arc<Faults>,
}

#[async_trait]
impl Store for FaultyStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        if next(&self.faults.begins) { Err(StorageError::Contention) } else { self.store.begin().await }
    }

    async fn begin_read(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        self.store.begin_read().await
    }

    async fn wait_for_commits(&self) {
        self.store.wait_for_commits().await;
    }
}

struct FaultyHasher {
    hasher: Arc<dyn PasswordHasher>,
    faults: Arc<Faults>,
}

impl FaultyHasher {
    fn take_thread(&self) -> Result<(), HasherBusy> {
        if next(&self.faults.hashes) { Err(HasherBusy { retry_after: Duration::from_secs(1) }) } else { Ok(()) }
    }
}

#[async_trait]
impl PasswordHasher for FaultyHasher {
    async fn hash(&self, secret: PlainSecret) -> Result<PasswordHash, HasherBusy> {
        self.take_thread()?;
        self.hasher.hash(secret).await
    }

    async fn verify(&self, stored: Option<PasswordHash>, presented: PlainSecret) -> Result<Verified, HasherBusy> {
        self.take_thread()?;
        let verified = self.hasher.verify(stored, presented).await;
        let meanwhile = self.faults.meanwhile.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(meanwhile) = meanwhile {
            meanwhile.await;
        }
        verified
    }
}

impl TestServer {
    /// What its use cases run on, with faults of the test's choice.
    pub async fn faulty_environment(&self) -> (Environment, Arc<Faults>) {
        let (env, faults) = (self.environment().await, Arc::<Faults>::default());
        let store = FaultyStore { store: env.store.clone(), faults: faults.clone() };
        let hasher = FaultyHasher { hasher: env.password_hasher.clone(), faults: faults.clone() };
        let wrapped = Environment {
            store: Arc::new(store),
            password_hasher: Arc::new(hasher),
            clock: env.clock.clone(),
            entropy: env.entropy.clone(),
            secrets: env.secrets.clone(),
            sealer: env.sealer.clone(),
            password_rules: env.password_rules.clone(),
            user_agents: env.user_agents.clone(),
            vault: env.vault.clone(),
            outbox: Outbox::new(self.mailer.clone()),
            sso: env.sso.clone(),
            feed: env.feed.clone(),
            tokens: env.tokens.clone(),
            keys: env.keys.clone(),
            sign_ins: env.sign_ins.clone(),
            tasks: env.tasks.clone(),
        };
        (wrapped, faults)
    }
}
