use varco_domain::{EventKind, Member, SessionEnd};

use super::leave::leave;
use super::lock::memberships_of;
use crate::sessions::end_sessions;
use crate::storage::{SessionsOf, StorageError};
use crate::write::{Change, Write};

/// Deletes an account with every membership, entry and seat everywhere. All its organizations must
/// be locked.
pub(crate) async fn remove_account(write: &mut Write<'_>, member: &Member) -> Result<(), StorageError> {
    let user = &member.user;
    end_sessions(write, SessionsOf::User(user.id), None, SessionEnd::Removed).await?;
    for membership in memberships_of(write, user.id).await? {
        leave(write, &membership, EventKind::MembershipRemoved).await?;
    }
    write.work().users().delete(user.id).await?;
    write.record(EventKind::UserRemoved, Some(user.home), &[("user", &user.id)], Change::deleted(user));
    Ok(())
}
