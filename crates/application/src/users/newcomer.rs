use varco_domain::{
    Email, EventKind, Member, Organization, OrganizationId, Profile, User, UserId, UserStatus, Username, Version,
};

use super::UserError;
use super::join::{Terms, join, join_as_guest};
use super::lock::lock_with_account;
use crate::credentials::invite;
use crate::storage::StorageError;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Once, Outcome};

/// Somebody who is to be a member, with an account that is made for it, unless there is one already.
pub(super) struct Newcomer<'a> {
    pub(super) organization: OrganizationId,
    /// `None` for one made from its identifier.
    pub(super) username: Option<&'a Username>,
    /// By which an account is found that lives elsewhere.
    pub(super) email: &'a Email,
    pub(super) profile: &'a Profile,
    /// Of the new account. Who is invited is mailed a link.
    pub(super) status: UserStatus,
    pub(super) terms: Terms,
    pub(super) mode: Mode,
}

/// Creates an account, or adds one that lives elsewhere as external and leaves it as it is.
pub(super) async fn take_in(
    env: &Environment,
    caller: &Caller,
    newcomer: Newcomer<'_>,
    once: Option<&Once<'_, Member>>,
) -> Result<Outcome<Member>, UserError> {
    let email = newcomer.email;
    let result = try_to_take_in(env, caller, newcomer, once).await;
    settled(env, email, result).await
}

async fn try_to_take_in(
    env: &Environment,
    caller: &Caller,
    newcomer: Newcomer<'_>,
    once: Option<&Once<'_, Member>>,
) -> Result<Outcome<Member>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (organization, account) = lock_with_account(&mut write, newcomer.organization, newcomer.email).await?;
    if let Some(answer) = write.repeated(once).await?? {
        return Ok(Outcome::Repeated(answer));
    }
    let mode = newcomer.mode;
    let member = match account {
        Some(account) => join_as_guest(&mut write, organization, account, newcomer.terms).await?,
        None => create_account(&mut write, env, newcomer, organization).await?,
    };
    Ok(write.finish_once(mode, member, once).await?)
}

async fn create_account(
    write: &mut Write<'_>,
    env: &Environment,
    newcomer: Newcomer<'_>,
    home: Organization,
) -> Result<Member, UserError> {
    let account = insert_account(write, env.new_id(), &newcomer).await?;
    let member = join(write, home.clone(), account, newcomer.terms).await?;
    if newcomer.status == UserStatus::Invited {
        invite(write, env, &member.user, &home).await?;
    }
    Ok(member)
}

async fn insert_account(write: &mut Write<'_>, id: UserId, new: &Newcomer<'_>) -> Result<User, StorageError> {
    let user = User {
        id,
        username: new.username.cloned().unwrap_or_else(|| username_of(id)),
        email: new.email.clone(),
        profile: new.profile.clone(),
        status: new.status,
        home: new.organization,
        created_at: write.now(),
        activated_at: (new.status == UserStatus::Active).then(|| write.now()),
        last_sign_in_at: None,
        version: Version::FIRST,
    };
    write.work().users().insert(&user).await?;
    write.record(EventKind::UserCreated, Some(user.home), &[("user", &user.id)], Change::created(&user));
    Ok(user)
}

/// A name that no other account has, for somebody who does not sign in and needs none.
fn username_of(id: UserId) -> Username {
    let name = id.to_string().replace("user_", "contact-");
    Username::parse(&name).expect("an identifier is 26 small letters and digits behind its prefix")
}

/// What an attempt to store a new account comes to: a taken username may be that of the very person,
/// created in another organization a moment ago. Which of an account's two unique names a database
/// minds first is its own affair. Whoever tries again finds the account.
async fn settled<T>(env: &Environment, email: &Email, result: Result<T, UserError>) -> Result<T, UserError> {
    if matches!(result, Err(UserError::UsernameTaken)) {
        let mut work = env.store.begin_read().await?;
        if work.users().find_by_email(email).await?.is_some() {
            return Err(StorageError::Contention.into());
        }
    }
    result
}
