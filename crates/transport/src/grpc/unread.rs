use http::Response;
use tonic::Code;
use tonic::body::Body;

use crate::failure::{Failure, FieldProblem};

/// Gives a reason to the refusals that the gRPC library makes by itself, of requests that no RPC of
/// ours has seen: too large, or not the message that the RPC takes.
///
/// Such a response has its status among its headers and, unlike ours, no details.
pub(super) fn explain(response: Response<Body>) -> Response<Body> {
    let headers = response.headers();
    let Some(status) = headers.get("grpc-status").filter(|_| !headers.contains_key("grpc-status-details-bin")) else {
        return response;
    };
    let problem = match Code::from_bytes(status.as_bytes()) {
        Code::OutOfRange => "has more bytes than this RPC takes: split it",
        Code::Internal => "is not the message that this RPC takes: compare it with the contract",
        _ => return response,
    };
    let problem = FieldProblem { path: "request".to_owned(), problem: problem.to_owned() };
    Failure::fields(vec![problem]).into_status("").into_http()
}
