//! What the operator can get wrong is said at the start.

use varco_telemetry::{InitError, LogFormat, TelemetryConfig, init};

fn config(log_filter: &str, otlp_endpoint: Option<&str>) -> TelemetryConfig {
    TelemetryConfig {
        service_version: "1.2.3".to_owned(),
        log_format: LogFormat::Text,
        log_filter: log_filter.to_owned(),
        otlp_endpoint: otlp_endpoint.map(str::to_owned),
        trace_sample_ratio: 0.01,
    }
}

#[test]
fn a_log_filter_that_is_not_understood_is_refused() {
    let error = init(&config("info,varco=loud", None)).expect_err("no such level");
    assert!(matches!(error, InitError::LogFilter(_)));
}

#[test]
fn an_endpoint_that_is_no_url_is_refused() {
    let error = init(&config("info", Some("not a url"))).expect_err("no URL");
    assert!(matches!(error, InitError::Endpoint(_)));
}

#[test]
fn telemetry_starts_only_once() {
    let _guard = init(&config("off", None)).expect("the first start");
    let error = init(&config("off", None)).expect_err("the second start");
    assert!(matches!(error, InitError::AlreadyStarted));
}
