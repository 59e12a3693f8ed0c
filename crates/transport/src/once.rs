//! Calls that may be repeated: the same `request_id` gives the first answer again.

use prost::Message;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use varco_application::{EncodeAnswer, Once, Outcome, Written};

use crate::call::Call;
use crate::failure::Failure;

impl Call {
    /// What makes this call repeatable, if it carries a request id.
    pub(crate) fn once<'a, T>(
        &self,
        request: &impl Message,
        request_id: Option<Uuid>,
        encode: EncodeAnswer<'a, T>,
    ) -> Option<Once<'a, T>> {
        let mut digest = Sha256::new_with_prefix(self.rpc.path);
        digest.update(request.encode_to_vec());
        Some(Once { request_id: request_id?, digest: digest.finalize().into(), encode })
    }
}

/// Presents what was done now, or gives the answer of the first call again.
pub(crate) fn answer<T, R: Message + Default>(
    outcome: Outcome<T>,
    present: impl FnOnce(&Written<T>) -> R,
) -> Result<R, Failure> {
    match outcome {
        Outcome::Done(written) => Ok(present(&written)),
        Outcome::Repeated(answer) => R::decode(answer.as_slice()).map_err(Failure::internal),
    }
}
