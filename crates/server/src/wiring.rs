//! Puts the parts together: one way for the binary and for the tests.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use varco_application::decision::Index;
use varco_application::keys::rotate_keys;
use varco_application::mails::Outbox;
use varco_application::sign_in::Admission;
use varco_application::storage::Store;
use varco_application::{
    AccessTokens, Clock, Entropy, Environment, Feed, KeyRing, Mailer, PasswordHasher, Sealer, Secrets, SsoClient,
    Tasks, TokenCache, Vault, follow,
};
use varco_credentials::{
    AeadSealer, AeadVault, Argon2Passwords, CommonPasswords, HashParameters, JwtAccessTokens, MasterKey, SystemClock,
    SystemEntropy, TokenScope, TokenSecrets, WootheeAgents,
};
use varco_domain::Revision;
use varco_outbound::{OpenIdClient, Reach};

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
    /// Hashes of passwords and PINs.
    pub password_hasher: Arc<dyn PasswordHasher>,
    /// What is stored encrypted.
    pub vault: Arc<dyn Vault>,
    /// Access tokens of users.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Where mails leave.
    pub mailer: Arc<dyn Mailer>,
    /// The providers of single sign-on.
    pub sso: Arc<dyn SsoClient>,
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
        password_hasher: parts.password_hasher,
        password_rules: Arc::new(CommonPasswords::default()),
        user_agents: Arc::new(WootheeAgents),
        feed,
        tokens,
        outbox: Outbox::new(parts.mailer),
        vault: parts.vault,
        sso: parts.sso,
        keys: Arc::new(KeyRing::new(parts.access_tokens)),
        sign_ins: Admission::new(sign_ins_at_once()),
        tasks: Tasks::default(),
    };
    rotate_keys(&env).await.context("the keys that sign access tokens are not as they should be")?;
    Ok(Service { env: Arc::new(env), follower })
}

/// As many as the hashing threads can hold: one each, and 32 that wait. More would wait in the database.
fn sign_ins_at_once() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from) + 32
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
pub fn system_parts(
    store: Arc<dyn Store>,
    master_key: &MasterKey,
    token_scope: TokenScope,
    mailer: Arc<dyn Mailer>,
    reach: Reach,
    max_staleness: Duration,
) -> Parts {
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let vault: Arc<dyn Vault> = Arc::new(AeadVault::new(master_key, Arc::clone(&entropy)));
    let password_hasher = Argon2Passwords::start(HashParameters::PRODUCTION, master_key, Arc::clone(&entropy));
    Parts {
        store,
        clock: Arc::new(SystemClock),
        secrets: Arc::new(TokenSecrets::new(Arc::clone(&entropy))),
        sealer: Arc::new(AeadSealer::new(master_key, Arc::clone(&entropy))),
        password_hasher: Arc::new(password_hasher),
        access_tokens: Arc::new(JwtAccessTokens::new(token_scope, Arc::clone(&vault), Arc::clone(&entropy))),
        vault,
        entropy,
        mailer,
        sso: Arc::new(OpenIdClient::new(reach)),
        max_staleness,
    }
}
