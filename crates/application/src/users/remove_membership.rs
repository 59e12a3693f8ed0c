use varco_domain::{EventKind, MembershipKind, OrganizationId, UserId};

use super::UserError;
use super::last_admin::keep_an_admin;
use super::leave::leave;
use super::lock::lock_member;
use crate::write::Write;
use crate::{Caller, Environment, Mode, Written};

/// A membership to end.
#[derive(Clone, Debug)]
pub struct RemoveMembership {
    /// The organization.
    pub organization: OrganizationId,
    /// The member.
    pub user: UserId,
    /// Whether it happens.
    pub mode: Mode,
}

/// Ends an external membership with its entries and seats.
pub async fn remove_membership(
    env: &Environment,
    caller: &Caller,
    command: &RemoveMembership,
) -> Result<Written<()>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (_, member) = lock_member(&mut write, command.organization, command.user).await?;
    if member.membership.kind == MembershipKind::Internal {
        return Err(UserError::InternalMembership);
    }
    keep_an_admin(&mut write, &member.user, &member.membership).await?;
    leave(&mut write, &member.membership, EventKind::MembershipRemoved).await?;
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: (), revision })
}
