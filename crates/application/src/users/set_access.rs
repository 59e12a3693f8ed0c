use varco_domain::{Access, BackOfficeLevel, EventKind, Membership, OrganizationId, UserId};

use super::UserError;
use super::last_admin::keep_an_admin;
use super::lock::lock_member;
use super::seats::change_seats;
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
    /// Whether it happens.
    pub mode: Mode,
}

/// Sets what a member may enter, and so the seats it takes.
pub async fn set_access(
    env: &Environment,
    caller: &Caller,
    command: &SetAccess,
) -> Result<Written<Membership>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (organization, member) = lock_member(&mut write, command.organization, command.user).await?;
    let before = member.membership;
    let access = Access {
        app: command.app.unwrap_or(before.access.app),
        back_office: command.back_office.unwrap_or(before.access.back_office),
    };
    let membership = Membership { access, ..before.clone() };
    if membership != before {
        if access.back_office < before.access.back_office {
            keep_an_admin(&mut write, &member.user, &before).await?;
        }
        change_seats(&mut write, organization, before.access, access).await?;
        write.work().users().update_membership(&membership).await?;
        let change = Change::updated(&before, &membership);
        write.record(
            EventKind::MembershipAccessChanged,
            Some(command.organization),
            &[("organization", &membership.organization), ("user", &membership.user)],
            change,
        );
    }
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: membership, revision })
}
