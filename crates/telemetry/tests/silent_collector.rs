//! A collector that accepts connections and never answers holds nothing up.

use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::Duration;

use tracing::info_span;
use varco_telemetry::{LogFormat, Metrics, TelemetryConfig};

/// More than the queue of the exporter holds.
const SPANS: usize = 20_000;

#[test]
fn start_spans_and_shutdown_do_not_wait_for_a_silent_collector() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("a bound listener has an address");
    thread::spawn(move || listener.incoming().collect::<Vec<_>>());

    let guard = varco_telemetry::init(&TelemetryConfig {
        service_version: "1.2.3".to_owned(),
        log_format: LogFormat::Text,
        log_filter: "off".to_owned(),
        otlp_endpoint: Some(format!("http://{address}")),
        trace_sample_ratio: 1.0,
    })
    .expect("telemetry starts");
    let metrics = Metrics::new();
    for _ in 0..SPANS {
        info_span!(target: "varco", "role.create").in_scope(|| ());
        metrics.rpc("varco.v1.RoleService", "CreateRole", "OK", Duration::from_millis(3));
    }
    // Were the wait unbounded, the test would not end.
    drop(guard);
}
