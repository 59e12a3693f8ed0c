//! The floor of a check: an RPC of the same server that gets the same bytes and metadata, decodes
//! them, and answers a constant of the same shape, without authentication or decision.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use tonic::body::Body;
use tonic::server::{Grpc, NamedService, UnaryService};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;
use tower::Service;
use varco_proto::v1::{CheckRequest, CheckResponse, DecisionReason};

/// The path of the RPC.
pub(crate) const PATH: &str = "/varco.bench.v1.FloorService/Check";

/// The service with the one RPC.
#[derive(Clone)]
pub(crate) struct FloorService;

impl NamedService for FloorService {
    const NAME: &'static str = "varco.bench.v1.FloorService";
}

impl Service<http::Request<Body>> for FloorService {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(async move {
            let mut grpc = Grpc::new(ProstCodec::<CheckResponse, CheckRequest>::default());
            Ok(grpc.unary(Constant, request).await)
        })
    }
}

struct Constant;

impl UnaryService<CheckRequest> for Constant {
    type Response = CheckResponse;
    type Future = Ready<Result<Response<CheckResponse>, Status>>;

    fn call(&mut self, _: Request<CheckRequest>) -> Self::Future {
        ready(Ok(Response::new(CheckResponse { allowed: true, reason: DecisionReason::Allowed.into(), revision: 1 })))
    }
}
