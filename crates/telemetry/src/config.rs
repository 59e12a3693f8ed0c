//! What the operator chooses.

/// How logs look, and where traces and metrics go.
#[derive(Clone, Debug)]
pub struct TelemetryConfig {
    /// The version that traces and metrics are labelled with.
    pub service_version: String,
    /// How a log line looks.
    pub log_format: LogFormat,
    /// Which log lines are written, such as `info` or `info,varco_persistence=debug`.
    pub log_filter: String,
    /// The collector, such as `http://collector:4317`. Without it nothing is traced or measured.
    pub otlp_endpoint: Option<String>,
    /// The share of traces that is exported, from 0 to 1, where the caller has not decided already.
    pub trace_sample_ratio: f64,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for log collectors.
    Json,
}
