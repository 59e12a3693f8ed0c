use varco_domain::{EventKind, Label, Language, Member, OrganizationId, UserId, Version};

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
    /// Its new first name, if that changes.
    pub first_name: Option<Label>,
    /// Its new last name, if that changes.
    pub last_name: Option<Label>,
    /// Its language from now on, if that changes.
    pub language: Option<Language>,
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
    let profile = &mut member.user.profile;
    profile.first_name = command.first_name.clone().unwrap_or_else(|| profile.first_name.clone());
    profile.last_name = command.last_name.clone().unwrap_or_else(|| profile.last_name.clone());
    profile.language = command.language.clone().unwrap_or_else(|| profile.language.clone());
    if member != before {
        write.work().users().update(&mut member.user).await?;
        let change = Change::updated(&before.user, &member.user);
        write.record(EventKind::UserUpdated, Some(command.home), &[("user", &command.user)], change);
    }
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value: member, revision })
}
