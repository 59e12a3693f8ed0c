use varco_domain::{EventKind, Membership, SessionEnd, SubjectId};

use super::seats::release_seats;
use crate::assignments::clear_subject;
use crate::sessions::end_sessions;
use crate::storage::{SessionsOf, StorageError};
use crate::write::{Change, Write};

/// Ends a membership with its entries, seats and sessions; `kind` says how that came. Its organization must be locked.
pub(super) async fn leave(write: &mut Write<'_>, membership: &Membership, kind: EventKind) -> Result<(), StorageError> {
    let Membership { organization, user, access, .. } = membership;
    clear_subject(write, *organization, SubjectId::User(*user)).await?;
    end_sessions(write, SessionsOf::UserIn(*user, *organization), None, SessionEnd::MembershipEnded).await?;
    write.work().users().delete_membership(*organization, *user).await?;
    release_seats(write, *organization, *access).await?;
    write.record(
        kind,
        Some(*organization),
        &[("organization", organization), ("user", user)],
        Change::deleted(membership),
    );
    Ok(())
}
