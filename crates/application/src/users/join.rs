use varco_domain::{Access, EventKind, Member, Membership, MembershipKind, Organization, User};

use super::UserError;
use super::seats::{NO_ACCESS, change_seats};
use crate::write::{Change, Write};

/// Makes an account a member of an organization, which must be locked, with the seats that takes.
pub(super) async fn join(
    write: &mut Write<'_>,
    organization: Organization,
    user: User,
    access: Access,
) -> Result<Member, UserError> {
    let id = organization.id;
    change_seats(write, organization, NO_ACCESS, access).await?;
    let kind = if user.home == id { MembershipKind::Internal } else { MembershipKind::External };
    let membership = Membership { organization: id, user: user.id, kind, access, created_at: write.now() };
    write.work().users().insert_membership(&membership).await?;
    write.record(
        EventKind::MembershipAdded,
        Some(id),
        &[("organization", &id), ("user", &user.id)],
        Change::created(&membership),
    );
    Ok(Member { user, membership })
}

/// As `join` for an account that lives elsewhere.
pub(super) async fn join_as_guest(
    write: &mut Write<'_>,
    organization: Organization,
    user: User,
    access: Access,
) -> Result<Member, UserError> {
    if write.work().users().find(organization.id, user.id).await?.is_some() {
        return Err(UserError::AlreadyMember);
    }
    join(write, organization, user, access).await
}
