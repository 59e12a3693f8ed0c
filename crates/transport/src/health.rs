//! Whether the server can answer: `grpc.health.v1`, and what `/readyz` says.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::sync::Mutex;
use tonic::{Request, Response, Status};
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::{self, HealthServer};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};
use tonic_health::server::{HealthReporter, HealthService};
use varco_application::{Feed, Tasks};

use crate::grpc::SERVICES;

/// How often it is asked whether the index is still fresh.
const INTERVAL: Duration = Duration::from_millis(200);

/// How long watchers of the health have to hear that the server drains before their stream ends.
const LAST_WORD: Duration = Duration::from_millis(50);

/// What clients and load balancers are told. Starts as not serving.
#[derive(Clone)]
pub struct Health {
    reporter: HealthReporter,
    is_serving: Arc<AtomicBool>,
    /// Invariant: once draining, never serving again. Held while the statuses change.
    is_draining: Arc<Mutex<bool>>,
}

impl Health {
    /// Not serving yet.
    pub async fn not_serving() -> Self {
        let health = Self {
            reporter: HealthReporter::new(),
            is_serving: Arc::new(AtomicBool::new(true)),
            is_draining: Arc::default(),
        };
        health.set(false).await;
        health
    }

    /// Whether the server can answer.
    pub fn is_serving(&self) -> bool {
        self.is_serving.load(Ordering::Acquire)
    }

    /// Tells, unless the server drains.
    pub async fn set(&self, serving: bool) {
        let is_draining = self.is_draining.lock().await;
        if !*is_draining {
            self.report(serving).await;
        }
    }

    /// Tells that the server goes away, for good.
    pub async fn drain(&self) {
        let mut is_draining = self.is_draining.lock().await;
        *is_draining = true;
        self.report(false).await;
    }

    async fn report(&self, serving: bool) {
        if self.is_serving.swap(serving, Ordering::AcqRel) == serving {
            return;
        }
        tracing::info!(serving, "health changed");
        let status = if serving { ServingStatus::Serving } else { ServingStatus::NotServing };
        for service in [""].iter().chain(SERVICES) {
            self.reporter.set_service_status(service, status).await;
        }
    }

    /// The service.
    pub(crate) fn service(&self, tasks: Tasks) -> HealthServer<impl health_server::Health> {
        HealthServer::new(Draining { statuses: HealthService::from_health_reporter(self.reporter.clone()), tasks })
    }
}

/// Keeps the health true to the freshness of the index until the server stops.
pub async fn follow_freshness(health: Health, feed: Arc<Feed>, tasks: Tasks) {
    loop {
        health.set(!feed.is_stale()).await;
        tokio::select! {
            () = tasks.stopping() => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// The health service, whose streams end when the server drains: else each would hold it up.
struct Draining {
    statuses: HealthService,
    tasks: Tasks,
}

#[tonic::async_trait]
impl health_server::Health for Draining {
    type WatchStream = BoxStream<'static, Result<HealthCheckResponse, Status>>;

    async fn check(&self, request: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        self.statuses.check(request).await
    }

    async fn watch(&self, request: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
        let statuses = self.statuses.watch(request).await?.into_inner();
        let tasks = self.tasks.clone();
        let told = async move {
            tasks.stopping().await;
            tokio::time::sleep(LAST_WORD).await;
        };
        Ok(Response::new(statuses.take_until(told).boxed()))
    }
}

#[cfg(test)]
mod tests {
    use varco_application::TokenCache;
    use varco_application::decision::Index;

    use super::*;

    fn feed(max_staleness: Duration) -> Arc<Feed> {
        Arc::new(Feed::new(Index::default(), Arc::new(TokenCache::default()), max_staleness))
    }

    #[tokio::test]
    async fn a_stale_index_does_not_serve() {
        let (health, tasks) = (Health::not_serving().await, Tasks::default());
        tasks.stop();
        follow_freshness(health.clone(), feed(Duration::MAX), tasks.clone()).await;
        assert!(health.is_serving());

        let stale = feed(Duration::ZERO);
        while !stale.is_stale() {}
        follow_freshness(health.clone(), stale, tasks).await;
        assert!(!health.is_serving());
    }

    #[tokio::test]
    async fn whoever_drains_never_serves_again() {
        let (health, tasks) = (Health::not_serving().await, Tasks::default());
        tasks.stop();
        health.set(true).await;
        health.drain().await;
        follow_freshness(health.clone(), feed(Duration::MAX), tasks).await;

        assert!(!health.is_serving());
    }
}
