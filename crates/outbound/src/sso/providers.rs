//! What is known of providers: how they describe themselves, and their keys.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use openidconnect::core::CoreProviderMetadata;
use openidconnect::{DiscoveryError, IssuerUrl};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use varco_application::SsoFailure;
use varco_domain::{SsoIssuer, Timestamp};

use super::http::{Courier, HttpClient, HttpFailure, Plain};

/// How long a description is taken for true.
const MAX_AGE: Duration = Duration::from_mins(10);

/// How long a provider that failed is left alone.
const REST: Duration = Duration::from_secs(5);

/// How old a description must be to look for a key anew: otherwise every token with a made-up key would
/// make us ask.
const MIN_AGE: Duration = Duration::from_secs(10);

/// How many codes are exchanged at once with one provider: one that hangs holds up its own users alone.
const MAX_EXCHANGES: usize = 16;

/// How many are remembered.
const MAX_KNOWN: usize = 1000;

/// What is known of every provider that was asked lately.
#[derive(Default)]
pub(super) struct Providers {
    known: Mutex<HashMap<SsoIssuer, Arc<Known>>>,
}

/// What is known of one.
struct Known {
    last: tokio::sync::Mutex<Option<Look>>,
    exchanges: Arc<Semaphore>,
}

impl Default for Known {
    fn default() -> Self {
        Self { last: tokio::sync::Mutex::default(), exchanges: Arc::new(Semaphore::new(MAX_EXCHANGES)) }
    }
}

/// One look at a provider.
struct Look {
    at: Timestamp,
    found: Result<Arc<CoreProviderMetadata>, SsoFailure>,
}

impl Look {
    fn is_good(&self, now: Timestamp, max_age: Duration) -> bool {
        now.since(self.at) < if self.found.is_ok() { max_age } else { REST }
    }
}

impl Providers {
    /// Gives how a provider describes itself.
    pub(super) async fn find(
        &self,
        http: &Arc<HttpClient>,
        issuer: &SsoIssuer,
        now: Timestamp,
    ) -> Result<Arc<CoreProviderMetadata>, SsoFailure> {
        self.look(http, issuer, now, MAX_AGE).await
    }

    /// As `find`, for who found a key missing.
    pub(super) async fn find_anew(
        &self,
        http: &Arc<HttpClient>,
        issuer: &SsoIssuer,
        now: Timestamp,
    ) -> Result<Arc<CoreProviderMetadata>, SsoFailure> {
        self.look(http, issuer, now, MIN_AGE).await
    }

    async fn look(
        &self,
        http: &Arc<HttpClient>,
        issuer: &SsoIssuer,
        now: Timestamp,
        max_age: Duration,
    ) -> Result<Arc<CoreProviderMetadata>, SsoFailure> {
        let entry = self.entry(issuer);
        // One asks, the others wait for what it finds.
        let mut last = entry.last.lock().await;
        if let Some(look) = last.as_ref().filter(|look| look.is_good(now, max_age)) {
            return look.found.clone();
        }
        let found = discover(http, issuer).await.map(Arc::new);
        *last = Some(Look { at: now, found: found.clone() });
        found
    }

    /// Lets a code be exchanged until what this gives is dropped.
    pub(super) fn admit(&self, issuer: &SsoIssuer) -> Result<OwnedSemaphorePermit, SsoFailure> {
        let exchanges = Arc::clone(&self.entry(issuer).exchanges);
        exchanges.try_acquire_owned().map_err(|_| SsoFailure::Unavailable("too many codes to exchange at once"))
    }

    fn entry(&self, issuer: &SsoIssuer) -> Arc<Known> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_KNOWN && !known.contains_key(issuer) {
            known.clear();
        }
        Arc::clone(known.entry(issuer.clone()).or_default())
    }
}

async fn discover(http: &Arc<HttpClient>, issuer: &SsoIssuer) -> Result<CoreProviderMetadata, SsoFailure> {
    let url =
        IssuerUrl::new(issuer.as_str().to_owned()).map_err(|_| SsoFailure::Unavailable("its issuer is no URL"))?;
    CoreProviderMetadata::discover_async(url, &courier(http, issuer)).await.map_err(|error| failure(&error))
}

/// Who takes requests to a provider.
pub(super) fn courier(http: &Arc<HttpClient>, issuer: &SsoIssuer) -> Courier {
    Courier { http: Arc::clone(http), plain: plain_for(issuer) }
}

/// Who is on this machine may stay there.
pub(super) fn plain_for(issuer: &SsoIssuer) -> Plain {
    if issuer.is_loopback() { Plain::OnThisMachine } else { Plain::Never }
}

fn failure(error: &DiscoveryError<HttpFailure>) -> SsoFailure {
    SsoFailure::Unavailable(match error {
        DiscoveryError::Request(HttpFailure(text)) => text,
        DiscoveryError::Response(..) => "an answer with another status or content",
        DiscoveryError::Validation(_) => "a description of another issuer",
        _ => "a description that cannot be read",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: u64) -> Timestamp {
        Timestamp::EPOCH.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn a_provider_that_failed_is_asked_again_soon_but_not_at_once() {
        let look = Look { at: after(100), found: Err(SsoFailure::Unavailable("no connection")) };

        assert!(look.is_good(after(104), MAX_AGE) && look.is_good(after(104), MIN_AGE));
        assert!(!look.is_good(after(105), MAX_AGE));
    }

    #[test]
    fn a_clock_that_went_back_makes_nobody_ask() {
        let look = Look { at: after(100), found: Err(SsoFailure::Unavailable("no connection")) };

        assert!(look.is_good(after(1), MAX_AGE));
    }

    #[test]
    fn a_provider_that_hangs_holds_up_its_own_users_alone() {
        let (providers, one) = (Providers::default(), SsoIssuer::parse("https://one.example").unwrap());
        let mut permits: Vec<_> = (0..MAX_EXCHANGES).map(|_| providers.admit(&one).unwrap()).collect();

        assert!(providers.admit(&one).is_err());
        assert!(providers.admit(&SsoIssuer::parse("https://other.example").unwrap()).is_ok());
        permits.pop();
        assert!(providers.admit(&one).is_ok());
    }
}
