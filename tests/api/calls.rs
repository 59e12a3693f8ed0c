//! Calls and what came of them.

use std::fmt::Debug;

use tonic::{Code, Status};
use varco_testkit::{status_text, violations};

/// Makes a call and gives its answer without metadata: `ask!(mine.users().get_user(request))`.
macro_rules! ask {
    ($call:expr) => {
        $call.await.map(tonic::Response::into_inner)
    };
}
pub(crate) use ask;

/// The code and reason of a refusal.
pub(crate) fn refusal<T: Debug>(outcome: Result<T, Status>) -> String {
    status_text(&outcome.unwrap_err())
}

/// The paths of the fields that a refusal complains of.
pub(crate) fn bad_fields<T: Debug>(outcome: Result<T, Status>) -> Vec<String> {
    violations(&outcome.unwrap_err())
}

/// As a client would: what lost against other writers, or found no place, is tried again.
pub(crate) async fn patiently<T, F: Future<Output = Result<T, Status>>>(
    mut call: impl FnMut() -> F,
) -> Result<T, Status> {
    loop {
        match call().await {
            Err(status) if matches!(status.code(), Code::Aborted | Code::Unavailable) => (),
            Err(status) if status_text(&status).ends_with(" OVERLOADED") => (),
            outcome => return outcome,
        }
    }
}
