use varco_domain::{EventKind, Member, Membership, OrganizationId, UserId};

use super::UserError;
use super::last_admin::keep_admins_everywhere;
use super::lock::lock_everywhere;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// An account to stop or to let act again.
#[derive(Clone, Debug)]
pub struct ChangeStatus {
    /// Where it lives.
    pub home: OrganizationId,
    /// The account.
    pub user: UserId,
}

/// Stops an account. Its seats stay taken.
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
    store_status(write, EventKind::UserSuspended, &before, member, &memberships).await
}

/// Lets a suspended account act again.
pub async fn reactivate_user(
    env: &Environment,
    caller: &Caller,
    command: &ChangeStatus,
) -> Result<Written<Member>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (before, memberships) = lock_everywhere(&mut write, command.home, command.user).await?;
    let mut member = before.clone();
    member.user.reactivate()?;
    store_status(write, EventKind::UserReactivated, &before, member, &memberships).await
}

/// Every organization of the account hears of it, the home and those where it is a guest: it concerns
/// what the account may do there.
async fn store_status(
    mut write: Write<'_>,
    kind: EventKind,
    before: &Member,
    mut member: Member,
    memberships: &[Membership],
) -> Result<Written<Member>, UserError> {
    write.work().users().update(&mut member.user).await?;
    for membership in memberships {
        let change = Change::updated(&before.user, &member.user);
        write.record(kind, Some(membership.organization), &[("user", &member.user.id)], change);
    }
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value: member, revision })
}
