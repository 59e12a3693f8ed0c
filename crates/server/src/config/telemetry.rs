use toml::{Table, Value};
use varco_telemetry::{LogFormat, TelemetryConfig};

use super::document::Document;

/// One line of JSON for every event, as log collectors want it.
const LOG_FORMAT: &str = "json";
const LOG_FILTER: &str = "info";

/// One trace of a hundred: enough to see, too little to feel.
const TRACE_SAMPLE_RATIO: f64 = 0.01;

/// `[telemetry]`
pub struct TelemetrySection {
    /// As telemetry takes it.
    pub config: TelemetryConfig,
}

impl TelemetrySection {
    pub(super) fn read(document: &mut Document) -> Option<Self> {
        let mut section = document.section("telemetry");
        let log_format = section.parse("log_format", LOG_FORMAT, |text| match text {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err("must be \"text\" or \"json\""),
        });
        let log_filter = section.text("log_filter").unwrap_or_else(|| LOG_FILTER.to_owned());
        let otlp_endpoint = section.text("otlp_endpoint");
        let trace_sample_ratio = section.number("trace_sample_ratio", TRACE_SAMPLE_RATIO, 0.0..=1.0);
        if otlp_endpoint.as_ref().is_some_and(|it| !it.starts_with("http://") && !it.starts_with("https://")) {
            section.problem("otlp_endpoint", "must be a URL such as http://collector:4317");
        }
        let config = TelemetryConfig {
            service_version: env!("CARGO_PKG_VERSION").to_owned(),
            log_format: log_format?,
            log_filter,
            otlp_endpoint,
            trace_sample_ratio: trace_sample_ratio?,
        };
        Some(Self { config })
    }

    pub(super) fn effective(&self) -> Table {
        let format = match self.config.log_format {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        };
        let mut table = Table::new();
        table.insert("log_format".to_owned(), Value::String(format.to_owned()));
        table.insert("log_filter".to_owned(), Value::String(self.config.log_filter.clone()));
        if let Some(endpoint) = &self.config.otlp_endpoint {
            table.insert("otlp_endpoint".to_owned(), Value::String(endpoint.clone()));
        }
        table.insert("trace_sample_ratio".to_owned(), Value::Float(self.config.trace_sample_ratio));
        table
    }
}
