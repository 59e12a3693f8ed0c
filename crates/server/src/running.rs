//! A running server: its ports open, and how they close.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use varco_application::Tasks;
use varco_transport::Gate;
use varco_transport::grpc::{self, Tls};
use varco_transport::health::{Health, follow_freshness};
use varco_transport::http::{self, KeySet};

use crate::observer::TelemetryObserver;
use crate::wiring::Service;

/// The ports of a server, bound but not served yet.
pub struct Ports {
    /// For gRPC.
    pub grpc: TcpListener,
    /// For HTTP; `None` for none.
    pub http: Option<TcpListener>,
}

/// How the gRPC port is served.
#[derive(Default)]
pub struct GrpcOptions {
    /// Encrypted, if given.
    pub tls: Option<Tls>,
    /// Whether the contract can be asked for.
    pub reflection: bool,
}

/// A server that answers.
pub struct Running {
    /// Where gRPC listens.
    pub grpc_address: SocketAddr,
    /// The service behind it.
    pub service: Service,
    health: Health,
    ports: Tasks,
    close_ports: CancellationToken,
}

impl Running {
    /// Serves the ports. The HTTP port answers at once, that of gRPC when `assembling` is done; the
    /// server is healthy on return.
    pub async fn start(
        ports: Ports,
        options: GrpcOptions,
        assembling: impl Future<Output = anyhow::Result<Service>>,
    ) -> anyhow::Result<Self> {
        let grpc_address = ports.grpc.local_addr().context("the gRPC port has no address")?;
        let health = Health::not_serving().await;
        let (tasks, close_ports) = (Tasks::default(), CancellationToken::new());
        let key_set = KeySet::default();
        if let Some(listener) = ports.http {
            let served = http::serve(listener, health.clone(), key_set.clone(), close_ports.clone().cancelled_owned());
            tasks.spawn(async { note_end("http", served.await) });
        }
        let service = assembling.await?;
        let gate = Gate::new(Arc::clone(&service.env), Arc::new(TelemetryObserver::default()));
        let routes = grpc::routes(&gate, &health, options.reflection);
        let served = grpc::serve(ports.grpc, routes, options.tls, close_ports.clone().cancelled_owned())
            .context("the certificate and the key of grpc.tls_certificate_file and grpc.tls_key_file do not work")?;
        tasks.spawn(async { note_end("grpc", served.await) });
        let env = &service.env;
        key_set.publish(env);
        health.set(!env.feed.is_stale()).await;
        env.tasks.spawn(follow_freshness(health.clone(), Arc::clone(&env.feed), env.tasks.clone()));
        Ok(Self { grpc_address, service, health, ports: tasks, close_ports })
    }

    /// Stops: tells, ends the streams, lets open calls finish as long as `grace` lasts. The store
    /// is for the caller to close.
    pub async fn drain(self, grace: Duration) -> Drained {
        self.health.drain().await;
        self.service.env.tasks.stop();
        self.ports.stop();
        self.close_ports.cancel();
        let in_order = async {
            self.ports.ended().await;
            self.service.env.tasks.ended().await;
        };
        let drained = tokio::time::timeout(grace, in_order).await;
        self.service.follower.stop();
        // Between two looks at the log it ends at once; a look that hangs is not waited for.
        let _ = tokio::time::timeout(FOLLOWER_GRACE, self.service.follower.ended()).await;
        if drained.is_err() { Drained::CutOff } else { Drained::InOrder }
    }
}

/// How long the follower may take to end.
const FOLLOWER_GRACE: Duration = Duration::from_millis(200);

/// How a drain ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// Every call was answered and every stream ended.
    InOrder,
    /// The grace was over before that.
    CutOff,
}

fn note_end<E: std::error::Error + 'static>(port: &'static str, result: Result<(), E>) {
    if let Err(error) = result {
        tracing::error!(port, error = &error as &dyn std::error::Error, "a port is no longer served");
    }
}
