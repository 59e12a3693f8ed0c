use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use varco_domain::{Id, Kind};

use crate::mails::Outbox;
use crate::ports::{Clock, Entropy, PasswordHasher, PasswordRules, Sealer, Secrets, SsoClient, UserAgents, Vault};
use crate::sign_in::Admission;
use crate::storage::Store;
use crate::{Feed, KeyRing, TokenCache};

/// Everything that use cases need from outside. One for the life of the server.
pub struct Environment {
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
    /// Passwords that nobody may choose.
    pub password_rules: Arc<dyn PasswordRules>,
    /// Browsers and operating systems.
    pub user_agents: Arc<dyn UserAgents>,
    /// What the database keeps sealed.
    pub vault: Arc<dyn Vault>,
    /// Where mails leave.
    pub outbox: Outbox,
    /// The providers of single sign-on.
    pub sso: Arc<dyn SsoClient>,
    /// The decision index and the stream, both fed by the log.
    pub feed: Arc<Feed>,
    /// Tokens that were verified once.
    pub tokens: Arc<TokenCache>,
    /// The keys that sign access tokens.
    pub keys: Arc<KeyRing>,
    /// Sign-ins under way.
    pub sign_ins: Admission,
    /// Background work.
    pub tasks: Tasks,
}

impl Environment {
    /// Builds a new identifier.
    pub fn new_id<K: Kind>(&self) -> Id<K> {
        let mut random = [0; 10];
        self.entropy.fill(&mut random);
        Id::generate(self.clock.now(), random)
    }
}

/// Background work that the shutdown waits for.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    /// Starts a task. It must end soon after `stopping` resolves.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(task);
    }

    /// Does something now and then until the server stops, the first time after one interval. What
    /// fails is logged as `delay` says, and done again when its time comes next. Every replica does
    /// it: whoever comes late finds nothing left to do.
    pub fn every<R, T, E>(&self, interval: Duration, delay: &'static str, run: impl Fn() -> R + Send + 'static)
    where
        R: Future<Output = Result<T, E>> + Send,
        T: Send,
        E: std::error::Error + Send + 'static,
    {
        let tasks = self.clone();
        self.spawn(async move {
            loop {
                tokio::select! {
                    () = tasks.stopping() => return,
                    () = tokio::time::sleep(interval) => {}
                }
                if let Err(error) = run().await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "{delay}");
                }
            }
        });
    }

    /// Resolves when the server begins to shut down.
    pub async fn stopping(&self) {
        self.stop.cancelled().await;
    }

    /// Whether the server has begun to shut down.
    pub fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Asks every task to end.
    pub fn stop(&self) {
        self.stop.cancel();
        self.tracker.close();
    }

    /// Waits until every task has ended; `stop` comes first.
    pub async fn ended(&self) {
        self.tracker.wait().await;
    }
}

#[cfg(test)]
mod tests;
