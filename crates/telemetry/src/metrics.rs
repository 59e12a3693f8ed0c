//! The metrics of the service.

use std::time::Duration;

use opentelemetry::metrics::{Counter, Histogram};
use opentelemetry::{KeyValue, global};

/// Seconds. A check takes a tenth of a millisecond, a write milliseconds, a bulk call seconds.
const DURATION_BOUNDARIES: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// What the service counts and measures. Cheap to clone.
///
/// Names are `&'static str` on purpose: they come from the contract, never from a request, so the
/// number of series is bounded by the number of RPCs.
#[derive(Clone, Debug)]
pub struct Metrics {
    requests: Counter<u64>,
    duration: Histogram<f64>,
}

impl Metrics {
    /// Connects to what [`init`](crate::init) has started; before that, or without a collector,
    /// everything recorded here is dropped at once.
    pub fn new() -> Self {
        let meter = global::meter("varco");
        Self {
            requests: meter
                .u64_counter("rpc.server.requests")
                .with_description("RPCs answered")
                .with_unit("{request}")
                .build(),
            duration: meter
                .f64_histogram("rpc.server.duration")
                .with_description("Time from the request to the end of its answer")
                .with_unit("s")
                .with_boundaries(DURATION_BOUNDARIES.to_vec())
                .build(),
        }
    }

    /// Records one answered RPC; `code` is a gRPC status code such as `NOT_FOUND`.
    pub fn rpc(&self, service: &'static str, method: &'static str, code: &'static str, duration: Duration) {
        let attributes = [
            KeyValue::new("rpc.service", service),
            KeyValue::new("rpc.method", method),
            KeyValue::new("rpc.grpc.status_code", code),
        ];
        self.requests.add(1, &attributes);
        self.duration.record(duration.as_secs_f64(), &attributes);
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
