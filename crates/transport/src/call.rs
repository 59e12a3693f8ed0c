//! One call that the gate let in.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tonic::{Code, Response, Status};
use tracing::Instrument;
use varco_application::{Caller, Environment, PlainSecret};
use varco_proto::Rpc;
use varco_proto::v1::ErrorReason;

use crate::failure::Failure;
use crate::gate::{self, Observer};

/// One call: what it may use, who makes it, how long it may take.
pub(crate) struct Call {
    pub(crate) env: Arc<Environment>,
    pub(crate) caller: Caller,
    /// The token that proved the caller; `None` in a public call.
    pub(crate) token: Option<PlainSecret>,
    pub(crate) rpc: Rpc,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) started: Instant,
    pub(crate) time_limit: Duration,
    pub(crate) span: tracing::Span,
}

impl Call {
    /// Runs the RPC within its time, notes how it went, and gives what the client gets.
    pub(crate) async fn answer<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<Response<T>, Status> {
        let limited = tokio::time::timeout(self.time_limit, work).instrument(self.span.clone()).await;
        let result = limited.unwrap_or_else(|_| {
            let message = "the call took too long; a write may have happened: repeat it with the same request_id";
            Err(Failure::new(Code::DeadlineExceeded, ErrorReason::DeadlineExceeded, message))
        });
        self.note(result.as_ref().err());
        result.map(Response::new).map_err(|failure| failure.into_status(&self.caller.request_id))
    }

    /// How long the call may still wait for `at_least`.
    pub(crate) fn patience(&self) -> Duration {
        gate::patience(self.time_limit, self.started.elapsed())
    }

    /// Notes how the call went.
    pub(crate) fn note(&self, failure: Option<&Failure>) {
        let code = failure.map_or(Code::Ok, Failure::code);
        self.span.record("rpc.grpc.status_code", i64::from(code as i32));
        if let Some(failure) = failure {
            self.span.record("reason", failure.reason());
        }
        let elapsed = self.started.elapsed();
        let _entered = self.span.enter();
        tracing::debug!(duration_ms = elapsed.as_secs_f64() * 1000.0, "call answered");
        self.observer.rpc(&self.rpc, code, elapsed);
    }
}

/// How often a call that lost against other writers is tried again before its caller hears of it.
pub(crate) const MAX_RETRIES: u32 = 4;

/// Admits a call, runs it within the longest time it may take, and tries again when other writers got
/// in between.
macro_rules! unary {
    ($self:ident, $request:ident, $call:path) => {
        $crate::call::unary!($self, $request, $call, $crate::gate::MAX_TIME)
    };
    ($self:ident, $request:ident, $call:path, $max_time:expr) => {{
        let (call, message) = $self.gate.admit($request, $max_time).await?;
        let work = async {
            let mut retries = 0;
            loop {
                match $call(&call, &message).await {
                    Err(failure) if failure.is_contention() && retries < $crate::call::MAX_RETRIES => retries += 1,
                    result => break result,
                }
            }
        };
        call.answer(work).await
    }};
}
pub(crate) use unary;
