use varco_domain::{
    Access, BackOfficeLevel, EventKind, Membership, MembershipKind, OrganizationId, SessionEnd, Timestamp, UserId,
};

use super::UserError;
use super::join::{check_access, check_end};
use super::last_admin::keep_an_admin;
use super::lock::lock_member;
use super::seats::change_seats;
use crate::sessions::end_sessions;
use crate::storage::SessionsOf;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// What to change of a member's access.
#[derive(Clone, Debug)]
pub struct SetAccess {
    /// The organization.
    pub organization: OrganizationId,
    /// The member.
    pub user: UserId,
    /// Whether it may enter the application from now on, if that changes.
    pub app: Option<bool>,
    /// Its back-office level from now on, if that changes.
    pub back_office: Option<BackOfficeLevel>,
    /// When the membership ends, if that changes.
    pub expiry: Option<Expiry>,
    /// Whether it happens.
    pub mode: Mode,
}

/// When a membership ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// Never.
    Never,
    /// From this instant it does not count.
    At(Timestamp),
}

/// Sets what a member may enter, and so the seats it takes, and until when.
pub async fn set_access(
    env: &Environment,
    caller: &Caller,
    command: &SetAccess,
) -> Result<Written<Membership>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (organization, member) = lock_member(&mut write, command.organization, command.user).await?;
    let before = member.membership;
    let membership = command.applied_to(&before, write.now())?;
    check_access(&member.user, membership.access)?;
    if membership != before {
        if is_less(&membership, &before) {
            keep_an_admin(&mut write, &member.user, &before).await?;
        }
        change_seats(&mut write, organization, before.access, membership.access).await?;
        write.work().users().update_membership(&membership).await?;
        record_access(&mut write, &before, &membership);
        if membership.access == Access::NONE {
            let there = SessionsOf::UserIn(membership.user, membership.organization);
            end_sessions(&mut write, there, None, SessionEnd::MembershipEnded).await?;
        }
    }
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: membership, revision })
}

impl SetAccess {
    fn applied_to(&self, before: &Membership, now: Timestamp) -> Result<Membership, UserError> {
        let access = Access {
            app: self.app.unwrap_or(before.access.app),
            back_office: self.back_office.unwrap_or(before.access.back_office),
        };
        let expires_at = match self.expiry {
            None => before.expires_at,
            Some(Expiry::Never) => None,
            Some(Expiry::At(end)) => {
                check_end(now, Some(end))?;
                Some(end)
            }
        };
        if before.kind == MembershipKind::Internal && expires_at.is_some() {
            return Err(UserError::InternalMembership);
        }
        Ok(Membership { access, expires_at, ..before.clone() })
    }
}

/// Whether an organization may lose an admin by the change, now or one day.
fn is_less(after: &Membership, before: &Membership) -> bool {
    after.access.back_office < before.access.back_office || (after.expires_at.is_some() && before.expires_at.is_none())
}

/// Notes that a member may enter something else than before, or until another day.
pub(super) fn record_access(write: &mut Write<'_>, before: &Membership, after: &Membership) {
    write.record(
        EventKind::MembershipAccessChanged,
        Some(after.organization),
        &[("organization", &after.organization), ("user", &after.user)],
        Change::updated(before, after),
    );
}
