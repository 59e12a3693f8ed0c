use varco_domain::{Access, EventKind, Member, Membership, OrganizationId, SessionEnd, UserId};

use super::UserError;
use super::last_admin::keep_admins_everywhere;
use super::lock::lock_everywhere;
use super::seats::{change_seats, release_seats};
use super::set_access::record_access;
use super::suspend_user::{ChangeStatus, store_status};
use crate::credentials::invite;
use crate::sessions::end_sessions;
use crate::storage::{SessionsOf, StorageError};
use crate::write::Write;
use crate::{Caller, Environment, Mode, Written};

/// A contact to let in.
#[derive(Clone, Debug)]
pub struct ActivateSubAccount {
    /// Where it lives.
    pub home: OrganizationId,
    /// The contact.
    pub user: UserId,
    /// What it may enter from now on.
    pub access: Access,
    /// Whether it happens.
    pub mode: Mode,
}

/// Turns a contact into an invited user, with the seats that takes, and mails it a link to activate the
/// account.
pub async fn activate_sub_account(
    env: &Environment,
    caller: &Caller,
    command: &ActivateSubAccount,
) -> Result<Written<Member>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (before, memberships) = lock_everywhere(&mut write, command.home, command.user).await?;
    let mut member = before.clone();
    member.user.invite_contact()?;
    // Held already; this gives it.
    let home = write.lock(command.home).await?.ok_or(UserError::OrganizationNotFound)?;
    change_seats(&mut write, home.clone(), Access::NONE, command.access).await?;
    member.membership.access = command.access;
    if member.membership != before.membership {
        write.work().users().update_membership(&member.membership).await?;
        record_access(&mut write, &before.membership, &member.membership);
    }
    let kind = EventKind::SubAccountActivated;
    store_status(&mut write, kind, &before.user, &mut member.user, &memberships).await?;
    invite(&mut write, env, &member.user, &home).await?;
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: member, revision })
}

/// Turns an account into a contact: its access, seats, credentials and links go everywhere. What it was
/// granted stays, for the day when it comes back.
pub async fn deactivate_sub_account(
    env: &Environment,
    caller: &Caller,
    command: &ChangeStatus,
) -> Result<Written<Member>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (before, memberships) = lock_everywhere(&mut write, command.home, command.user).await?;
    let mut member = before.clone();
    member.user.become_contact()?;
    keep_admins_everywhere(&mut write, &before.user, &memberships).await?;
    for membership in &memberships {
        withdraw_access(&mut write, membership).await?;
    }
    member.membership.access = Access::NONE;
    write.work().credentials().delete_all(command.user).await?;
    end_sessions(&mut write, SessionsOf::User(command.user), None, SessionEnd::Deactivated).await?;
    let kind = EventKind::SubAccountDeactivated;
    store_status(&mut write, kind, &before.user, &mut member.user, &memberships).await?;
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: member, revision })
}

/// Takes all access away, and the seats that it took.
async fn withdraw_access(write: &mut Write<'_>, before: &Membership) -> Result<(), StorageError> {
    if before.access == Access::NONE {
        return Ok(());
    }
    let membership = Membership { access: Access::NONE, ..before.clone() };
    release_seats(write, before.organization, before.access).await?;
    write.work().users().update_membership(&membership).await?;
    record_access(write, before, &membership);
    Ok(())
}
