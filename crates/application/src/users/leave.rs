use varco_domain::{EventKind, Membership, SubjectId};

use super::seats::release_seats;
use crate::assignments::clear_subject;
use crate::storage::StorageError;
use crate::write::{Change, Write};

/// Ends a membership with its entries and seats. Its organization must be locked.
pub(super) async fn leave(write: &mut Write<'_>, membership: &Membership) -> Result<(), StorageError> {
    let Membership { organization, user, access, .. } = membership;
    clear_subject(write, *organization, SubjectId::User(*user)).await?;
    write.work().users().delete_membership(*organization, *user).await?;
    release_seats(write, *organization, *access).await?;
    write.record(
        EventKind::MembershipRemoved,
        Some(*organization),
        &[("organization", organization), ("user", user)],
        Change::deleted(membership),
    );
    Ok(())
}
