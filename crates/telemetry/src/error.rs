//! Why telemetry could not start.

use std::io;

use opentelemetry_otlp::ExporterBuildError;
use tracing_subscriber::filter::ParseError;

/// Why telemetry could not start. A collector that cannot be reached is no reason.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InitError {
    /// The log filter is not understood.
    #[error("`log_filter` is not a filter such as `info,varco_persistence=debug`")]
    LogFilter(#[source] ParseError),
    /// The collector's address is not a URL, or its TLS settings do not work.
    #[error("`otlp_endpoint` must be a URL such as `http://collector:4317`")]
    Endpoint(#[source] tonic::transport::Error),
    /// An exporter does not accept its settings, such as headers from the environment.
    #[error("could not set up the OTLP exporter")]
    Exporter(#[from] ExporterBuildError),
    /// The exporter's threads could not be started.
    #[error("could not start the threads of the OTLP exporter")]
    Threads(#[source] io::Error),
    /// Telemetry was started before, or something else has taken its place.
    #[error("telemetry can be started only once")]
    AlreadyStarted,
}
