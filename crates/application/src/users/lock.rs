//! What a change of an account keeps other writers out of.
//!
//! Invariant: memberships of an account are added only under the lock of its home organization, so
//! whoever holds that lock knows them all.

use varco_domain::{Email, Member, Membership, MembershipKind, Organization, OrganizationId, User, UserId};

use super::UserError;
use crate::storage::StorageError;
use crate::write::Write;

/// How many memberships are read at once.
const BATCH: usize = 1000;

/// Takes an organization, and the home of the account with this email if there is one, so that the
/// account can neither come nor go in between.
pub(super) async fn lock_with_account(
    write: &mut Write<'_>,
    organization: OrganizationId,
    email: &Email,
) -> Result<(Organization, Option<User>), UserError> {
    let home_of = |user: &Option<User>| user.as_ref().map(|user| user.home);
    let seen = home_of(&write.work().users().find_by_email(email).await?);
    let locked = write.lock_all(seen.into_iter().chain([organization])).await?;
    let locked = locked.into_iter().find(|it| it.id == organization).ok_or(UserError::OrganizationNotFound)?;
    let account = write.work().users().find_by_email(email).await?;
    if home_of(&account) != seen {
        return Err(StorageError::Contention.into());
    }
    Ok((locked, account))
}

/// Takes an organization and gives one of its members.
pub(super) async fn lock_member(
    write: &mut Write<'_>,
    organization: OrganizationId,
    user: UserId,
) -> Result<(Organization, Member), UserError> {
    let locked = write.lock(organization).await?.ok_or(UserError::OrganizationNotFound)?;
    let now = write.now();
    let member = write.work().users().find(organization, user).await?;
    let member = member.filter(|it| it.membership.counts_at(now)).ok_or(UserError::UserNotFound)?;
    Ok((locked, member))
}

/// As `lock_member` for an account that lives there.
pub(crate) async fn lock_account(
    write: &mut Write<'_>,
    home: OrganizationId,
    user: UserId,
) -> Result<Member, UserError> {
    let (_, member) = lock_member(write, home, user).await?;
    match member.membership.kind {
        MembershipKind::Internal => Ok(member),
        MembershipKind::External => Err(UserError::NotHomeOrganization),
    }
}

/// As `lock_account`, and takes every organization that the account is a member of. Gives its
/// memberships too.
pub(crate) async fn lock_everywhere(
    write: &mut Write<'_>,
    home: OrganizationId,
    user: UserId,
) -> Result<(Member, Vec<Membership>), UserError> {
    let seen = memberships_of(write, user).await?;
    // Of a stranger nothing is locked: nobody holds up an organization that is out of his reach.
    let lives_here = seen.iter().any(|it| it.organization == home && it.kind == MembershipKind::Internal);
    if lives_here {
        write.lock_all(seen.iter().map(|membership| membership.organization)).await?;
    }
    let member = lock_account(write, home, user).await?;
    let memberships = memberships_of(write, user).await?;
    let is_same = seen.iter().map(|it| it.organization).eq(memberships.iter().map(|it| it.organization));
    if !lives_here || !is_same {
        return Err(StorageError::Contention.into());
    }
    Ok((member, memberships))
}

/// Every membership of an account, by organization.
pub(super) async fn memberships_of(write: &mut Write<'_>, user: UserId) -> Result<Vec<Membership>, StorageError> {
    let mut memberships: Vec<Membership> = Vec::new();
    loop {
        let after = memberships.last().map(|membership| membership.organization);
        let page = write.work().users().list_memberships(user, after, BATCH).await?;
        memberships.extend(page.items);
        if !page.has_more {
            return Ok(memberships);
        }
    }
}
