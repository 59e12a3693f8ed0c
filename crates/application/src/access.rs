//! Decisions from the index in memory.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::Guard;
use varco_decision::Index;
use varco_domain::Revision;

use crate::Environment;

/// Why the index gives no answer. Never a stale yes instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Contact with the log was lost for too long.
    #[error("the index has lost contact with the log")]
    StaleIndex,
    /// The revision asked for was not reached in time.
    #[error("the index did not reach the revision in time")]
    IndexBehind {
        /// How far it is.
        reached: Revision,
    },
}

/// The index as it is now, at the revision asked for or later. Waits for it as long as `patience`
/// says. Takes no lock where there is nothing to wait for.
pub async fn fresh_index(
    env: &Environment,
    at_least: Revision,
    patience: Duration,
) -> Result<Guard<Arc<Index>>, AccessError> {
    let index = env.feed.index();
    if index.revision() >= at_least {
        return if env.feed.is_stale() { Err(AccessError::StaleIndex) } else { Ok(index) };
    }
    drop(index);
    let reached = tokio::time::timeout(patience, env.feed.reach(at_least)).await;
    match (env.feed.is_stale(), reached) {
        (true, _) => Err(AccessError::StaleIndex),
        (false, Err(_)) => Err(AccessError::IndexBehind { reached: env.feed.revision() }),
        (false, Ok(_)) => Ok(env.feed.index()),
    }
}
