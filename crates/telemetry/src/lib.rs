//! Logs, traces and metrics: one [`init`], one [`Guard`].
//!
//! The other crates use `tracing` macros and know nothing of OpenTelemetry; the server hands them
//! [`Metrics`] where they need it. This crate knows nothing of ours.
//!
//! Telemetry never holds the service up: what a collector does not take in time is dropped, and an
//! exporter has its own threads, so a collector that is gone or hangs costs nobody a request.
//!
//! To add a metric: an instrument and a method in `metrics.rs`, with attributes from a fixed set.
//! To add a field to logs or spans: a line in `docs/logging.md`, then the field.

mod config;
mod error;
mod export;
mod guard;
mod logs;
mod metrics;
mod trace_context;

pub use config::{LogFormat, TelemetryConfig};
pub use error::InitError;
pub use guard::Guard;
pub use metrics::Metrics;
pub use trace_context::adopt_parent;

use opentelemetry::global;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use export::Export;

/// Starts logs, and traces and metrics if there is a collector. Once per process, first in `main`.
///
/// Whether the collector can be reached is not asked: it may come later, and may go away.
pub fn init(config: &TelemetryConfig) -> Result<Guard, InitError> {
    let logs = logs::layer(config.log_format, &config.log_filter)?;
    let export = config.otlp_endpoint.as_deref().map(|endpoint| Export::start(endpoint, config)).transpose()?;
    let spans = export.as_ref().map(Export::span_layer);
    tracing_subscriber::registry().with(spans).with(logs).try_init().map_err(|_| InitError::AlreadyStarted)?;
    if let Some(export) = &export {
        global::set_meter_provider(export.meter_provider());
    }
    Ok(Guard::new(export))
}
