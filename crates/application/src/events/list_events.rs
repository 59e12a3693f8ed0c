use varco_domain::Event;

use crate::Environment;
use crate::storage::{EventFilter, EventKey, Page, StorageError};

/// Events to list.
#[derive(Clone, Debug)]
pub struct ListEvents {
    /// Which.
    pub filter: EventFilter,
    /// The last one seen.
    pub before: Option<EventKey>,
    /// How many at most.
    pub limit: usize,
}

/// Searches the log, newest first.
pub async fn list_events(env: &Environment, command: &ListEvents) -> Result<Page<Event>, StorageError> {
    let mut work = env.store.begin_read().await?;
    work.log().search(&command.filter, command.before, command.limit).await
}
