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
        self.metrics.rpc(rpc.service, rpc.method, code_name(code), duration);
    }
}

/// The name of a code as the gRPC specification writes it.
pub(crate) const fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
