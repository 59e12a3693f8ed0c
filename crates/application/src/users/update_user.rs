use varco_domain::{EventKind, Member, OrganizationId, ProfileChange, UserId, Version};

use super::UserError;
use super::lock::lock_account;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// What to change of an account's profile.
#[derive(Clone, Debug)]
pub struct UpdateUser {
    /// Where the account lives.
    pub home: OrganizationId,
    /// The account.
    pub user: UserId,
    /// As it was read.
    pub version: Version,
    /// What changes.
    pub changes: Vec<ProfileChange>,
}

/// Changes the profile of an account that lives here.
pub async fn update_user(
    env: &Environment,
    caller: &Caller,
    command: &UpdateUser,
) -> Result<Written<Member>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let before = lock_account(&mut write, command.home, command.user).await?;
    if before.user.version != command.version {
        return Err(UserError::Stale);
    }

    let mut member = before.clone();
    for change in &command.changes {
        member.user.profile.change(change.clone());
    }
    if member != before {
        write.work().users().update(&mut member.user).await?;
        let change = Change::updated(&before.user, &member.user);
        write.record(EventKind::UserUpdated, Some(command.home), &[("user", &command.user)], change);
    }
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value: member, revision })
}
