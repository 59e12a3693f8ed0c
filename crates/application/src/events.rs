//! The log of all changes: audit and stream in one.

mod list_events;
mod selection;
mod watch;

pub use list_events::{ListEvents, list_events};
pub use selection::{EventSelection, EventType, EventTypeError};
pub use watch::{Watch, WatchEnd, WatchError, WatchStream, Watched, watch};
