use varco_domain::{Email, EventKind, OrganizationId, Profile, User, UserId, UserStatus, Username, Version};

use super::UserError;
use crate::Environment;
use crate::storage::StorageError;
use crate::write::{Change, Write};

/// An account that does not exist yet.
pub(super) struct NewAccount<'a> {
    pub(super) id: UserId,
    pub(super) username: &'a Username,
    pub(super) email: &'a Email,
    pub(super) profile: &'a Profile,
    pub(super) status: UserStatus,
    pub(super) home: OrganizationId,
}

/// Stores a new account.
pub(super) async fn insert_account(write: &mut Write<'_>, new: NewAccount<'_>) -> Result<User, StorageError> {
    let user = User {
        id: new.id,
        username: new.username.clone(),
        email: new.email.clone(),
        profile: new.profile.clone(),
        status: new.status,
        home: new.home,
        created_at: write.now(),
        activated_at: (new.status == UserStatus::Active).then(|| write.now()),
        last_sign_in_at: None,
        version: Version::FIRST,
    };
    write.work().users().insert(&user).await?;
    write.record(EventKind::UserCreated, Some(user.home), &[("user", &user.id)], Change::created(&user));
    Ok(user)
}

/// What an attempt to store a new account comes to: a taken username may be that of the very person,
/// created in another organization a moment ago. Which of an account's two unique names a database
/// minds first is its own affair. Whoever tries again finds the account.
pub(super) async fn settled<T>(env: &Environment, email: &Email, result: Result<T, UserError>) -> Result<T, UserError> {
    if matches!(result, Err(UserError::UsernameTaken)) {
        let mut work = env.store.begin_read().await?;
        if work.users().find_by_email(email).await?.is_some() {
            return Err(StorageError::Contention.into());
        }
    }
    result
}
