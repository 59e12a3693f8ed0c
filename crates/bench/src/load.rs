//! Load from the same machine: connections that each keep some calls in flight.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http::uri::PathAndQuery;
use tonic::client::Grpc;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};
use tonic_prost::ProstCodec;
use varco_proto::v1::{CheckRequest, CheckResponse};

const CONNECTIONS: usize = 4;
const CALLS_IN_FLIGHT: usize = 32;

/// Who calls.
#[derive(Clone)]
pub(crate) struct Load {
    channels: Vec<Channel>,
    bearer: MetadataValue<Ascii>,
    questions: Arc<Vec<CheckRequest>>,
}

impl Load {
    pub(crate) async fn connect(address: &str, token: &str, questions: Vec<CheckRequest>) -> anyhow::Result<Self> {
        let mut channels = Vec::new();
        for _ in 0..CONNECTIONS {
            channels.push(Endpoint::from_shared(address.to_owned())?.tcp_nodelay(true).connect().await?);
        }
        let bearer = format!("Bearer {token}").parse()?;
        Ok(Self { channels, bearer, questions: Arc::new(questions) })
    }

    /// Calls an RPC as often as it goes for so long. Gives the calls per second.
    pub(crate) async fn saturate(&self, path: &'static str, length: Duration) -> anyhow::Result<f64> {
        let answered = Arc::new(AtomicUsize::new(0));
        let start = Instant::now();
        let caller = |place: usize| self.clone().call_until(path, place, start + length, Arc::clone(&answered));
        futures::future::try_join_all((0..CONNECTIONS * CALLS_IN_FLIGHT).map(|place| {
            let calling = caller(place);
            async { spawn(calling).await? }
        }))
        .await?;
        let count = u32::try_from(answered.load(Ordering::Relaxed))?;
        Ok(f64::from(count) / start.elapsed().as_secs_f64())
    }

    async fn call_until(
        self,
        path: &'static str,
        place: usize,
        end: Instant,
        answered: Arc<AtomicUsize>,
    ) -> anyhow::Result<()> {
        let mut grpc = Grpc::new(self.channels[place % CONNECTIONS].clone());
        for question in self.questions.iter().cycle().skip(place * 97) {
            if Instant::now() >= end {
                break;
            }
            let mut request = tonic::Request::new(question.clone());
            request.metadata_mut().insert("authorization", self.bearer.clone());
            grpc.ready().await?;
            let codec = ProstCodec::<CheckRequest, CheckResponse>::default();
            grpc.unary(request, PathAndQuery::from_static(path), codec).await?;
            answered.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "the load ends by itself; there is no shutdown to wait for it")]
pub(crate) fn spawn<T: Send + 'static>(task: impl Future<Output = T> + Send + 'static) -> tokio::task::JoinHandle<T> {
    tokio::spawn(task)
}
