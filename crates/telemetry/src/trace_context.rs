//! W3C trace context.

use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

const HEADER: &str = "traceparent";

/// Makes the span a child of the caller's, as a `traceparent` header names it.
///
/// Has to come before the span is first entered. A value that is not understood is ignored, as the
/// [recommendation](https://www.w3.org/TR/trace-context/#a-traceparent-is-received) demands.
pub fn adopt_parent(span: &Span, traceparent: &str) {
    if span.is_disabled() {
        return;
    }
    let parent = TraceContextPropagator::new().extract(&Received { traceparent });
    if parent.span().span_context().is_valid() {
        // It fails only where there is no exporter, or the span has started; then nobody has a use
        // for the parent.
        let _ = span.set_parent(parent);
    }
}

struct Received<'a> {
    traceparent: &'a str,
}

impl Extractor for Received<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == HEADER).then_some(self.traceparent)
    }

    fn keys(&self) -> Vec<&str> {
        vec![HEADER]
    }
}
