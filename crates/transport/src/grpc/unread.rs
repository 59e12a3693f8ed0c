use http::Response;
use tonic::Code;
use tonic::body::Body;
use varco_proto::v1::ErrorReason;

use crate::failure::{Failure, FieldProblem};

/// What a client may send messages in, where the library refuses what it did send them in.
const ACCEPTED: &str = "grpc-accept-encoding";

/// Gives a reason to the refusals that the gRPC library makes by itself, of requests that no RPC of
/// ours has seen: of no RPC that there is, compressed, too large, or not the message that the RPC takes.
///
/// Such a response has its status among its headers and, unlike ours, no details.
pub(super) fn explain(response: Response<Body>) -> Response<Body> {
    let headers = response.headers();
    let Some(status) = headers.get("grpc-status").filter(|_| !headers.contains_key("grpc-status-details-bin")) else {
        return response;
    };
    let accepted = headers.get(ACCEPTED);
    let failure = match Code::from_bytes(status.as_bytes()) {
        Code::OutOfRange => request(
            "has more bytes than this RPC takes, which are 1 MiB or, for assignments, catalogs and roles, 4 MiB: send \
             less at a time or, where all belongs together, shorter texts",
        ),
        Code::Internal => request("is not the message that this RPC takes: compare it with the contract"),
        Code::Unimplemented if accepted.is_some() => Failure::new(
            Code::Unimplemented,
            ErrorReason::EncodingNotSupported,
            "no RPC takes compressed messages: send them as they are",
        ),
        Code::Unimplemented => Failure::new(
            Code::Unimplemented,
            ErrorReason::UnknownRpc,
            "there is no such RPC: compare the path with the contract, letter by letter",
        ),
        _ => return response,
    };
    let mut explained: Response<Body> = failure.into_status("").into_http();
    if let Some(accepted) = accepted {
        explained.headers_mut().insert(ACCEPTED, accepted.clone());
    }
    explained
}

/// The request as a whole is to blame.
fn request(problem: &str) -> Failure {
    Failure::fields(vec![FieldProblem { path: "request".to_owned(), problem: problem.to_owned() }])
}
