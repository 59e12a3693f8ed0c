use varco_domain::{Access, Email, EventKind, Member, OrganizationId, Profile, User, UserStatus, Username, Version};

use super::UserError;
use super::join::{join, join_as_guest};
use super::lock::lock_with_account;
use crate::storage::StorageError;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Once, Outcome};

/// A user to create.
#[derive(Clone, Debug)]
pub struct CreateUser {
    /// The organization.
    pub organization: OrganizationId,
    /// The account's name, if it is new.
    pub username: Username,
    /// The account's address, or that of an account that lives elsewhere.
    pub email: Email,
    /// Of the person, if the account is new.
    pub profile: Profile,
    /// What the membership lets the user enter.
    pub access: Access,
    /// Whether it happens.
    pub mode: Mode,
}

/// Creates an account, or adds one that lives elsewhere as external and leaves it as it is.
pub async fn create_user(
    env: &Environment,
    caller: &Caller,
    command: &CreateUser,
    once: Option<&Once<'_, Member>>,
) -> Result<Outcome<Member>, UserError> {
    match try_create(env, caller, command, once).await {
        // Perhaps by that very person, in another organization a moment ago: which of an account's
        // two unique names a database minds first is its own affair. Whoever tries again finds the
        // account.
        Err(UserError::UsernameTaken) if exists(env, &command.email).await? => Err(StorageError::Contention.into()),
        result => result,
    }
}

async fn try_create(
    env: &Environment,
    caller: &Caller,
    command: &CreateUser,
    once: Option<&Once<'_, Member>>,
) -> Result<Outcome<Member>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (organization, account) = lock_with_account(&mut write, command.organization, &command.email).await?;
    if let Some(answer) = write.repeated(once).await?? {
        return Ok(Outcome::Repeated(answer));
    }
    let member = if let Some(account) = account {
        join_as_guest(&mut write, organization, account, command.access).await?
    } else {
        let account = insert_account(&mut write, env, command).await?;
        join(&mut write, organization, account, command.access).await?
    };
    Ok(write.finish_once(command.mode, member, once).await?)
}

/// Stores a new account. It is active at once: there is no sign-in yet that could activate it, so
/// the back office that creates it vouches for the person.
async fn insert_account(write: &mut Write<'_>, env: &Environment, command: &CreateUser) -> Result<User, StorageError> {
    let user = User {
        id: env.new_id(),
        username: command.username.clone(),
        email: command.email.clone(),
        profile: command.profile.clone(),
        status: UserStatus::Active,
        home: command.organization,
        created_at: write.now(),
        version: Version::FIRST,
    };
    write.work().users().insert(&user).await?;
    write.record(EventKind::UserCreated, Some(user.home), &[("user", &user.id)], Change::created(&user));
    Ok(user)
}

async fn exists(env: &Environment, email: &Email) -> Result<bool, StorageError> {
    let mut work = env.store.begin_read().await?;
    Ok(work.users().find_by_email(email).await?.is_some())
}
