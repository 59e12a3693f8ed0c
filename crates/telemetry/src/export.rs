//! Traces and metrics to a collector, by OTLP over gRPC.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{
    ExporterBuildError, MetricExporter, SpanExporter, WithExportConfig as _, WithTonicConfig as _,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider};
use tokio::runtime::{Builder, Runtime};
use tonic::transport::{Channel, ClientTlsConfig, Endpoint};
use tracing::level_filters::LevelFilter;
use tracing::{Subscriber, warn};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::{InitError, TelemetryConfig};

/// How long a collector may take to accept a connection, and then to answer.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long the last spans may take when the process ends.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(4);
/// Spans that wait for export; more are dropped. A span takes about a kilobyte.
const MAX_QUEUED_SPANS: usize = 4096;
const METRICS_INTERVAL: Duration = Duration::from_secs(15);

/// The running exporters.
#[derive(Debug)]
pub(crate) struct Export {
    tracers: SdkTracerProvider,
    meters: SdkMeterProvider,
    // Invariant: the connection lives on its own thread. It works before the service's runtime is
    // up and after it is gone, and a collector that hangs takes no thread from an RPC.
    runtime: Runtime,
}

impl Export {
    pub(crate) fn start(endpoint: &str, config: &TelemetryConfig) -> Result<Self, InitError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("varco-telemetry")
            .enable_all()
            .build()
            .map_err(InitError::Threads)?;
        let in_runtime = runtime.enter();
        let channel = connect(endpoint).map_err(InitError::Endpoint)?;
        let resource = Resource::builder()
            .with_service_name("varco")
            .with_attribute(KeyValue::new("service.version", config.service_version.clone()))
            .build();
        let tracers = tracers(channel.clone(), resource.clone(), config.trace_sample_ratio)?;
        let meters = meters(channel, resource)?;
        drop(in_runtime);
        Ok(Self { tracers, meters, runtime })
    }

    /// Turns our spans into exported ones. Those of libraries stay out, the exporter's own above all.
    pub(crate) fn span_layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.tracers.tracer("varco"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(Targets::new().with_target("varco", LevelFilter::INFO))
    }

    pub(crate) fn meter_provider(&self) -> SdkMeterProvider {
        self.meters.clone()
    }

    /// Sends what is left and stops.
    pub(crate) fn finish(self) {
        if let Err(error) = self.tracers.shutdown_with_timeout(SHUTDOWN_TIMEOUT) {
            warn!(%error, "last traces not sent");
        }
        if let Err(error) = self.meters.shutdown() {
            warn!(%error, "last metrics not sent");
        }
        self.runtime.shutdown_background();
    }
}

/// Prepares the connection; it is made at the first export, and again whenever it is lost.
fn connect(endpoint: &str) -> Result<Channel, tonic::transport::Error> {
    let mut endpoint = Endpoint::from_shared(endpoint.to_owned())?;
    if endpoint.uri().scheme_str() == Some("https") {
        endpoint = endpoint.tls_config(ClientTlsConfig::new().with_enabled_roots())?;
    }
    Ok(endpoint.connect_timeout(EXPORT_TIMEOUT).timeout(EXPORT_TIMEOUT).connect_lazy())
}

fn tracers(channel: Channel, resource: Resource, ratio: f64) -> Result<SdkTracerProvider, ExporterBuildError> {
    let exporter = SpanExporter::builder().with_tonic().with_channel(channel).with_timeout(EXPORT_TIMEOUT).build()?;
    let queue = BatchConfigBuilder::default().with_max_queue_size(MAX_QUEUED_SPANS).build();
    let processor = BatchSpanProcessor::builder(exporter).with_batch_config(queue).build();
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(ratio)));
    Ok(SdkTracerProvider::builder()
        .with_resource(resource)
        .with_sampler(sampler)
        .with_span_processor(processor)
        .build())
}

fn meters(channel: Channel, resource: Resource) -> Result<SdkMeterProvider, ExporterBuildError> {
    let exporter = MetricExporter::builder().with_tonic().with_channel(channel).with_timeout(EXPORT_TIMEOUT).build()?;
    let reader = PeriodicReader::builder(exporter).with_interval(METRICS_INTERVAL).build();
    Ok(SdkMeterProvider::builder().with_resource(resource).with_reader(reader).build())
}
