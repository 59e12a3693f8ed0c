//! Spans and metrics reach a collector, at the latest when the guard drops.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{ExportMetricsServiceRequest, ExportMetricsServiceResponse};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{TraceService, TraceServiceServer};
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::trace::v1::Span;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::Server;
use tonic::{Request, Response, Status, async_trait};
use tracing::info_span;
use varco_telemetry::{LogFormat, Metrics, TelemetryConfig, adopt_parent};

const SAMPLED_CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[test]
fn a_span_and_a_metric_arrive_when_the_guard_drops() {
    let collector = Collector::start();
    let guard = varco_telemetry::init(&TelemetryConfig {
        service_version: "1.2.3".to_owned(),
        log_format: LogFormat::Json,
        log_filter: "off".to_owned(),
        otlp_endpoint: Some(format!("http://{}", collector.address)),
        trace_sample_ratio: 0.0,
    })
    .expect("telemetry starts");

    let adopted = info_span!(target: "varco", "role.create", request.id = "r-1");
    adopt_parent(&adopted, SAMPLED_CALLER);
    adopted.in_scope(|| info_span!(target: "varco", "storage.commit").in_scope(|| ()));
    drop(adopted);
    let unsampled = info_span!(target: "varco", "role.delete");
    adopt_parent(&unsampled, "not a traceparent");
    drop(unsampled);
    info_span!(target: "h2", "send_data").in_scope(|| ());
    Metrics::new().rpc("varco.v1.RoleService", "CreateRole", "OK", Duration::from_millis(3));
    drop(guard);

    let spans: Vec<Span> = collector.spans.try_iter().collect();
    let names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["storage.commit", "role.create"]);
    let (commit, create) = (&spans[0], &spans[1]);
    assert_eq!(create.trace_id[..4], [0x0a, 0xf7, 0x65, 0x19]);
    assert_eq!(create.parent_span_id[..4], [0xb7, 0xad, 0x6b, 0x71]);
    assert_eq!(commit.parent_span_id, create.span_id);
    assert!(create.attributes.iter().any(|attribute| attribute.key == "request.id"));

    let metrics: Vec<String> = collector.metrics.try_iter().collect();
    assert_eq!(metrics, ["rpc.server.requests", "rpc.server.duration"]);
}

/// A collector that remembers what it was sent.
struct Collector {
    address: SocketAddr,
    spans: Receiver<Span>,
    metrics: Receiver<String>,
    _runtime: Runtime,
}

impl Collector {
    fn start() -> Self {
        let runtime = Runtime::new().expect("threads for the collector");
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (span_sender, spans) = channel();
        let (metric_sender, metrics) = channel();
        let server = Server::builder()
            .add_service(TraceServiceServer::new(Spans(span_sender)))
            .add_service(MetricsServiceServer::new(MetricNames(metric_sender)))
            .serve_with_incoming(TcpListenerStream::new(listener));
        runtime.spawn(server);
        Self { address, spans, metrics, _runtime: runtime }
    }
}

struct Spans(Sender<Span>);

#[async_trait]
impl TraceService for Spans {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let scopes = request.into_inner().resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
        for span in scopes.flat_map(|scope| scope.spans) {
            self.0.send(span).expect("the test listens");
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

struct MetricNames(Sender<String>);

#[async_trait]
impl MetricsService for MetricNames {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        let scopes = request.into_inner().resource_metrics.into_iter().flat_map(|resource| resource.scope_metrics);
        for metric in scopes.flat_map(|scope| scope.metrics) {
            self.0.send(metric.name).expect("the test listens");
        }
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}
