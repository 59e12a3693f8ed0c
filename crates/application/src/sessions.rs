//! Sessions of users: how they go on and end.

mod end;
mod hand_out;
mod list_sessions;
mod refresh_session;
mod revoke_session;
mod sign_out;

pub(crate) use end::{end_sessions, note_ended};
pub use hand_out::NewSession;
pub(crate) use hand_out::hand_out;
pub use list_sessions::{ListSessions, list_sessions};
pub use refresh_session::{RefreshSession, refresh_session};
pub use revoke_session::{RevokeSession, revoke_session};
pub use sign_out::sign_out;

use crate::KeyUnusable;
use crate::storage::StorageError;

/// Why something about sessions did not happen.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// No such session, or none that the caller may end.
    #[error("no such session")]
    NotFound,
    /// Unknown, used, or its session has ended; nobody is told which.
    #[error("the refresh token is wrong, used or expired")]
    RefreshTokenInvalid,
    /// No access token can be signed.
    #[error(transparent)]
    Key(#[from] KeyUnusable),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
