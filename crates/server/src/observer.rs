use std::time::Duration;

use tonic::Code;
use varco_proto::Rpc;
use varco_telemetry::Metrics;
use varco_transport::Observer;

/// Hands what the gate sees to telemetry.
#[derive(Debug, Default)]
pub(crate) struct TelemetryObserver {
    metrics: Metrics,
}

impl Observer for TelemetryObserver {
    fn adopt_trace(&self, span: &tracing::Span, traceparent: &str) {
        varco_telemetry::adopt_parent(span, traceparent);
    }

    fn rpc(&self, rpc: &Rpc, code: Code, duration: Duration) {
        self.metrics.rpc(rpc.service, rpc.method, varco_client::code_name(code), duration);
    }
}
