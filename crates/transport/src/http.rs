//! The HTTP port: what orchestrators ask.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::connections::Port;
use crate::health::Health;

/// Probes and scrapers are few.
const MAX_CONNECTIONS: usize = 256;

/// Serves `/livez` and `/readyz` until `stop` resolves and the open requests are answered.
pub async fn serve(
    listener: TcpListener,
    health: Health,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(Port::new(listener, MAX_CONNECTIONS), router(health)).with_graceful_shutdown(stop).await
}

fn router(health: Health) -> Router {
    Router::new()
        // The process runs. Whether it can answer is another question: restarting it would not help.
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(move || async move { readiness(&health) }))
}

fn readiness(health: &Health) -> (StatusCode, &'static str) {
    if health.is_serving() { (StatusCode::OK, "ok\n") } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready\n") }
}
