//! Puts the parts together: one way for the binary and for the tests.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use varco_application::decision::Index;
use varco_application::storage::Store;
use varco_application::{Clock, Entropy, Environment, Feed, Sealer, Secrets, Tasks, TokenCache, follow};
use varco_credentials::{AeadSealer, MasterKey, SystemClock, SystemEntropy, TokenSecrets};
use varco_domain::Revision;

/// What the service stands on.
pub struct Parts {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Secrets and their digests.
    pub secrets: Arc<dyn Secrets>,
    /// Page tokens.
    pub sealer: Arc<dyn Sealer>,
    /// How long decisions are given after contact with the log was lost.
    pub max_staleness: Duration,
}

/// The service without its ports.
pub struct Service {
    /// What its use cases run on.
    pub env: Arc<Environment>,
    /// Follows the log. Apart from the other tasks, because it outlives them: a write that is still
    /// open when the server drains waits for the index to reach it.
    pub follower: Tasks,
}

/// Builds the index from a snapshot and lets it follow the log, which it has caught up with on
/// return.
pub async fn assemble(parts: Parts) -> anyhow::Result<Service> {
    let index = build_index(parts.store.as_ref()).await.context("could not build the index from the database")?;
    let tokens = Arc::new(TokenCache::default());
    let feed = Arc::new(Feed::new(index, Arc::clone(&tokens), parts.max_staleness));
    let follower = Tasks::default();
    follower.spawn(follow(Arc::clone(&feed), Arc::clone(&parts.store), follower.clone()));
    let head = head(parts.store.as_ref()).await?;
    anyhow::ensure!(feed.reach(head).await, "the log cannot be followed up to its head, revision {head}; see the log");
    let env = Environment {
        store: parts.store,
        clock: parts.clock,
        entropy: parts.entropy,
        secrets: parts.secrets,
        sealer: parts.sealer,
        feed,
        tokens,
        tasks: Tasks::default(),
    };
    Ok(Service { env: Arc::new(env), follower })
}

async fn build_index(store: &dyn Store) -> anyhow::Result<Index> {
    let mut work = store.begin_read().await?;
    let mut index = Index::default();
    let revision = work.log().facts(&mut |fact| index.apply(&fact)).await?;
    index.advance(revision);
    Ok(index)
}

async fn head(store: &dyn Store) -> anyhow::Result<Revision> {
    let mut work = store.begin_read().await?;
    work.log().head().await.context("could not read the head of the log")
}

/// The parts of a server in production, with this store.
pub fn system_parts(store: Arc<dyn Store>, master_key: &MasterKey, max_staleness: Duration) -> Parts {
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    Parts {
        store,
        clock: Arc::new(SystemClock),
        secrets: Arc::new(TokenSecrets::new(Arc::clone(&entropy))),
        sealer: Arc::new(AeadSealer::new(master_key, Arc::clone(&entropy))),
        entropy,
        max_staleness,
    }
}
