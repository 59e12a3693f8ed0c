use std::time::Duration;

use varco_domain::{
    Access, EventKind, MailPreferences, Member, Membership, MembershipKind, Organization, StatusError, Timestamp, User,
    UserStatus,
};

use super::UserError;
use super::leave::leave;
use super::seats::change_seats;
use crate::write::{Change, Write};

/// No membership is given for longer than this: whoever needs one gives one without end.
const LONGEST: Duration = Duration::from_hours(24 * 36_525);

/// On what terms an account joins an organization.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    /// What it may enter.
    pub(super) access: Access,
    /// The mail that it wants.
    pub(super) mail: MailPreferences,
    /// From when on it is no member; `None` for never.
    pub(super) expires_at: Option<Timestamp>,
}

/// Makes an account a member of an organization, which must be locked, with the seats that takes.
pub(super) async fn join(
    write: &mut Write<'_>,
    organization: Organization,
    user: User,
    terms: Terms,
) -> Result<Member, UserError> {
    let Terms { access, mail, expires_at } = terms;
    let (id, created_at) = (organization.id, write.now());
    let kind = if user.home == id { MembershipKind::Internal } else { MembershipKind::External };
    if kind == MembershipKind::Internal && expires_at.is_some() {
        return Err(UserError::InternalMembership);
    }
    change_seats(write, organization, Access::NONE, access).await?;
    let membership = Membership { organization: id, user: user.id, kind, access, mail, expires_at, created_at };
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
    mut organization: Organization,
    user: User,
    terms: Terms,
) -> Result<Member, UserError> {
    check_end(write.now(), terms.expires_at)?;
    check_access(&user, terms.access)?;
    if let Some(Member { membership, .. }) = write.work().users().find(organization.id, user.id).await? {
        if membership.counts_at(write.now()) {
            return Err(UserError::AlreadyMember);
        }
        // It ended by itself a moment ago. The seats that come free are in the row as it is by now.
        leave(write, &membership, EventKind::MembershipExpired).await?;
        organization = write.lock(organization.id).await?.ok_or(UserError::OrganizationNotFound)?;
    }
    join(write, organization, user, terms).await
}

/// Holds the end of a membership against the time.
pub(super) fn check_end(now: Timestamp, end: Option<Timestamp>) -> Result<(), UserError> {
    let is_good = |end: Timestamp| now < end && end <= now.plus(LONGEST);
    if end.is_none_or(is_good) { Ok(()) } else { Err(UserError::BadExpiry) }
}

/// A contact enters nothing and takes no seat, wherever it is a member.
pub(super) fn check_access(user: &User, access: Access) -> Result<(), UserError> {
    if user.status == UserStatus::Contact && access != Access::NONE {
        return Err(StatusError::IsContact.into());
    }
    Ok(())
}
