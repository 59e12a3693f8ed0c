use varco_domain::{OrganizationId, UserId};

use super::last_admin::keep_admins_everywhere;
use super::lock::lock_everywhere;
use super::remove_account::remove_account;
use super::{RemoveMembership, UserError, remove_membership};
use crate::write::Write;
use crate::{Caller, Environment, Mode, Written};

/// A user to remove.
#[derive(Clone, Debug)]
pub struct RemoveUser {
    /// The organization.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// Whether it happens.
    pub mode: Mode,
}

/// What went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// The account with everything, everywhere.
    Account,
    /// The membership alone: the account lives elsewhere.
    Membership,
}

/// Removes a user: an account that lives here everywhere, another one from this organization.
pub async fn remove_user(
    env: &Environment,
    caller: &Caller,
    command: &RemoveUser,
) -> Result<Written<Removed>, UserError> {
    match remove_internal(env, caller, command).await {
        // Where an account lives never changes, so what was learnt in one unit of work holds in the next.
        Err(UserError::NotHomeOrganization) => {
            let RemoveUser { organization, user, mode } = *command;
            let written = remove_membership(env, caller, &RemoveMembership { organization, user, mode }).await?;
            Ok(Written { value: Removed::Membership, revision: written.revision })
        }
        result => result,
    }
}

async fn remove_internal(
    env: &Environment,
    caller: &Caller,
    command: &RemoveUser,
) -> Result<Written<Removed>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (member, memberships) = lock_everywhere(&mut write, command.organization, command.user).await?;
    keep_admins_everywhere(&mut write, &member.user, &memberships).await?;
    remove_account(&mut write, &member).await?;
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: Removed::Account, revision })
}
