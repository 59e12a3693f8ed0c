//! Calls with a token, and what their refusals say.

use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

/// Calls an RPC as an actor: `ask!(mine, UserServiceClient.get_user(request))`.
macro_rules! ask {
    ($actor:expr, $client:ident.$rpc:ident($request:expr)) => {
        $crate::calls::ask_with!($actor.channel(), &$actor.token, $client.$rpc($request))
    };
}
pub(crate) use ask;

/// As `ask!`, over a channel with a token.
macro_rules! ask_with {
    ($channel:expr, $token:expr, $client:ident.$rpc:ident($request:expr)) => {
        $client::new($channel.clone())
            .$rpc($crate::calls::with_token($token, $request))
            .await
            .map(tonic::Response::into_inner)
    };
}
pub(crate) use ask_with;

/// A request that carries a token.
pub(crate) fn with_token<T>(token: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    request
}

/// The code and reason of a refusal.
pub(crate) fn refusal<T: std::fmt::Debug>(outcome: Result<T, Status>) -> (Code, String) {
    let status = outcome.expect_err("the call should have been refused");
    (status.code(), status.get_details_error_info().map(|info| info.reason).unwrap_or_default())
}

/// The paths of the fields that a refusal complains of.
pub(crate) fn bad_fields<T: std::fmt::Debug>(outcome: Result<T, Status>) -> Vec<String> {
    let status = outcome.expect_err("the call should have been refused");
    let violations = status.get_details_bad_request().map(|details| details.field_violations).unwrap_or_default();
    violations.into_iter().map(|violation| violation.field).collect()
}

/// What a refusal is expected to say.
pub(crate) fn because(code: Code, reason: &str) -> (Code, String) {
    (code, reason.to_owned())
}
