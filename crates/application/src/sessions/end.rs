use varco_domain::{EventKind, Record, SessionEnd, SessionId};

use crate::storage::{EndedSession, SessionsOf, StorageError};
use crate::write::{Change, Write};

/// Ends sessions before their time, all but one, with an event for each: with it their tokens stop
/// to work on every replica. Where all of a user are meant, the sign-ins that it has begun end too.
///
/// Invariant: no session of theirs begins at the same time. Whoever begins one holds the lock of the
/// user's home and of the organization that it enters.
pub(crate) async fn end_sessions(
    write: &mut Write<'_>,
    of: SessionsOf,
    except: Option<SessionId>,
    reason: SessionEnd,
) -> Result<(), StorageError> {
    let ended = write.work().sessions().end(of, except).await?;
    note_ended(write, &ended, reason);
    Ok(())
}

/// Notes that sessions ended.
pub(crate) fn note_ended(write: &mut Write<'_>, ended: &[EndedSession], reason: SessionEnd) {
    for session in ended {
        write.record(
            EventKind::SessionEnded,
            Some(session.organization),
            &[("session", &session.id), ("user", &session.user)],
            Change::deleted(Record::default().with("reason", reason.as_str())),
        );
    }
}
