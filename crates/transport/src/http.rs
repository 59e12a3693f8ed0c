//! The HTTP port: what orchestrators ask, and the keys that verify access tokens.

mod key_set;

pub use key_set::KeySet;

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use varco_application::Tasks;

use crate::connections::{Connection, Port};
use crate::health::Health;

/// Probes, scrapers and those who keep the key set for minutes are few.
const MAX_CONNECTIONS: usize = 256;

/// How long a client may take for the headers of a request, counted from the connection or the answer
/// before: also how long it may be idle. Whoever probes more seldom connects anew.
const MAX_HEADER_TIME: Duration = Duration::from_secs(10);

/// Serves `/livez`, `/readyz` and `/.well-known/jwks.json` until `stop` resolves and the open requests are answered.
pub async fn serve(
    listener: TcpListener,
    health: Health,
    key_set: KeySet,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (port, router) = (Port::new(listener, MAX_CONNECTIONS), router(health, key_set));
    let (connections, mut stop) = (Tasks::default(), pin!(stop));
    loop {
        tokio::select! {
            (connection, _) = port.next() => connections.spawn(answer(connection, router.clone(), connections.clone())),
            () = &mut stop => break,
        }
    }
    drop(port);
    connections.stop();
    connections.ended().await;
    Ok(())
}

/// Answers the requests of a connection. What goes wrong with it concerns its client alone.
async fn answer(connection: Connection, router: Router, tasks: Tasks) {
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(MAX_HEADER_TIME);
    let mut served = pin!(builder.serve_connection(TokioIo::new(connection), TowerToHyperService::new(router)));
    tokio::select! {
        _ = served.as_mut() => {}
        () = tasks.stopping() => {
            served.as_mut().graceful_shutdown();
            let _ = served.await;
        }
    }
}

fn router(health: Health, key_set: KeySet) -> Router {
    Router::new()
        // The process runs. Whether it can answer is another question: restarting it would not help.
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(move || async move { readiness(&health) }))
        .route("/.well-known/jwks.json", get(move || async move { key_set.answer() }))
}

fn readiness(health: &Health) -> (StatusCode, &'static str) {
    if health.is_serving() { (StatusCode::OK, "ok\n") } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready\n") }
}

#[cfg(test)]
mod tests;
