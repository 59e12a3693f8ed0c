use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::SignInError;

/// When a sign-in that found no room may come again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Bounds how many sign-ins are under way at once, so that a storm of them is refused before it costs
/// the database or the hashing threads anything.
#[derive(Clone, Debug)]
pub struct Admission(Arc<Semaphore>);

impl Admission {
    /// Lets so many in at once.
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once)))
    }

    /// Lets one in until what it gets is dropped, or refuses it at once.
    pub(super) fn enter(&self) -> Result<OwnedSemaphorePermit, SignInError> {
        Arc::clone(&self.0).try_acquire_owned().map_err(|_| SignInError::Overloaded { wait: RETRY_AFTER })
    }
}
