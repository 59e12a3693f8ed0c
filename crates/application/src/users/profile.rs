use varco_domain::{ProfileChange, User, UserId, Version};

use super::{UpdateUser, UserError, update_user};
use crate::{Caller, Environment, Written};

/// What a user changes of his own profile.
#[derive(Clone, Debug)]
pub struct UpdateProfile {
    /// Which user, as proved by the session.
    pub user: UserId,
    /// As it was read.
    pub version: Version,
    /// What changes.
    pub changes: Vec<ProfileChange>,
}

/// Gives a user's own account.
pub async fn find_profile(env: &Environment, user: UserId) -> Result<User, UserError> {
    let mut work = env.store.begin_read().await?;
    let user = work.users().find_account(user).await?;
    user.ok_or(UserError::UserNotFound)
}

/// Changes a user's own profile, from whichever organization the session is in.
pub async fn update_profile(
    env: &Environment,
    caller: &Caller,
    command: &UpdateProfile,
) -> Result<Written<User>, UserError> {
    let home = find_profile(env, command.user).await?.home;
    let UpdateProfile { user, version, changes } = command.clone();
    let written = update_user(env, caller, &UpdateUser { home, user, version, changes }).await?;
    Ok(Written { value: written.value.user, revision: written.revision })
}
