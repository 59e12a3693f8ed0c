use varco_domain::{EventKind, Member, Membership, OrganizationId, SessionEnd, User, UserId};

use super::UserError;
use super::last_admin::keep_admins_everywhere;
use super::lock::lock_everywhere;
use crate::sessions::end_sessions;
use crate::storage::SessionsOf;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// An account to stop or to let act again.
#[derive(Clone, Debug)]
pub struct ChangeStatus {
    /// Where it lives.
    pub home: OrganizationId,
    /// The account.
    pub user: UserId,
    /// Whether it happens.
    pub mode: Mode,
}

/// Stops an account and ends its sessions, with what was mailed to it and never used, be it a link, a
/// temporary password or a PIN: whoever may have come by one must not find it working again one day. Its
/// seats stay taken.
pub async fn suspend_user(
    env: &Environment,
    caller: &Caller,
    command: &ChangeStatus,
) -> Result<Written<Member>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (before, memberships) = lock_everywhere(&mut write, command.home, command.user).await?;
    let mut member = before.clone();
    member.user.suspend()?;
    keep_admins_everywhere(&mut write, &before.user, &memberships).await?;
    store_status(&mut write, EventKind::UserSuspended, &before.user, &mut member.user, &memberships).await?;
    write.work().credentials().forget_mailed(command.user).await?;
    end_sessions(&mut write, SessionsOf::User(command.user), None, SessionEnd::Suspended).await?;
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: member, revision })
}

/// Lets a suspended account act again. One that was never activated needs another invitation.
pub async fn reactivate_user(
    env: &Environment,
    caller: &Caller,
    command: &ChangeStatus,
) -> Result<Written<Member>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (before, memberships) = lock_everywhere(&mut write, command.home, command.user).await?;
    let mut member = before.clone();
    member.user.reactivate()?;
    store_status(&mut write, EventKind::UserReactivated, &before.user, &mut member.user, &memberships).await?;
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: member, revision })
}

/// Every organization of the account hears of it, the home and those where it is a guest: it concerns
/// what the account may do there.
pub(super) async fn store_status(
    write: &mut Write<'_>,
    kind: EventKind,
    before: &User,
    user: &mut User,
    memberships: &[Membership],
) -> Result<(), UserError> {
    write.work().users().update(user).await?;
    for membership in memberships {
        let change = Change::updated(before, &*user);
        write.record(kind, Some(membership.organization), &[("user", &user.id)], change);
    }
    Ok(())
}
