use varco_domain::{Organization, Password, SessionEnd, SessionId, User, UserId};

use super::CredentialError;
use super::choose_password::judge_password;
use super::password_changed::password_changed;
use crate::retry::retry;
use crate::sessions::end_sessions;
use crate::storage::{SessionsOf, StorageError, StoredPassword, ThrottleKey};
use crate::users::{UserError, lock_account};
use crate::write::Write;
use crate::{Caller, Environment, Mode, PasswordHash, PlainSecret, Verified, Written};

/// The password of a user who is signed in, and what it shall be.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// Which user, as proved by the session.
    pub user: UserId,
    /// The session, which goes on.
    pub session: SessionId,
    /// As the user says.
    pub unverified_current: PlainSecret,
    /// Chosen just now.
    pub password: PlainSecret,
}

/// Changes a user's own password, which must be proved anew: a session left open is not enough. Ends
/// the user's other sessions.
pub async fn change_password(
    env: &Environment,
    caller: &Caller,
    command: &ChangePassword,
) -> Result<Written<()>, CredentialError> {
    let (user, home, current) = read(env, command.user).await?;
    // What is wrong with the new one is no try at the current one.
    let chosen = judge_password(env, &user, &home, &command.password)?;
    if chosen.is(command.unverified_current.expose()) {
        return Err(CredentialError::PasswordUnchanged);
    }
    count_try(env, command.user).await?;
    let changed = match prove(env, command, &current, &chosen).await {
        // What lost is tried again here: to come back would be another try.
        Ok(hash) => {
            retry(CredentialError::has_lost, || store(env, caller, command, &user, &current, hash.clone())).await
        }
        Err(error) => Err(error),
    };
    if changed.as_ref().is_err_and(|error| error.has_lost() || matches!(error, CredentialError::Busy(_))) {
        retry(StorageError::is_contention, || give_back_try(env, command.user)).await?;
    }
    changed
}

/// Gives what the new password is stored as, if the current one was presented.
async fn prove(
    env: &Environment,
    command: &ChangePassword,
    current: &PasswordHash,
    chosen: &Password,
) -> Result<PasswordHash, CredentialError> {
    let verified = env.password_hasher.verify(Some(current.clone()), command.unverified_current.clone()).await?;
    if verified == Verified::No {
        return Err(CredentialError::PasswordWrong);
    }
    Ok(env.password_hasher.hash(PlainSecret::new(chosen.expose().to_owned())).await?)
}

async fn store(
    env: &Environment,
    caller: &Caller,
    command: &ChangePassword,
    seen: &User,
    current: &PasswordHash,
    hash: PasswordHash,
) -> Result<Written<()>, CredentialError> {
    let mut write = Write::begin(env, caller).await?;
    let user = lock_account(&mut write, seen.home, seen.id).await?.user;
    let password = StoredPassword { hash, changed_at: write.now(), must_change: false };
    // Invariant: what was proved is what is replaced.
    if !write.work().credentials().replace_password(user.id, current, &password).await? {
        return Err(CredentialError::PasswordWrong);
    }
    write.work().sign_ins().forget_tries(&ThrottleKey::Session(user.id)).await?;
    password_changed(&mut write, env, &user).await?;
    let others = SessionsOf::User(user.id);
    end_sessions(&mut write, others, Some(command.session), SessionEnd::PasswordChanged).await?;
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value: (), revision })
}

/// Counted before the password is looked at, so that tries at once cannot outrun the count. No stranger
/// can make them: they are slowed down, and slow down nobody's sign-in.
async fn count_try(env: &Environment, user: UserId) -> Result<(), CredentialError> {
    let mut work = env.store.begin().await?;
    work.sign_ins().count_try(&ThrottleKey::Session(user), env.clock.now()).await??;
    Ok(work.commit().await?)
}

/// A password that was not looked at is no try, and neither is one after which nothing could be stored.
async fn give_back_try(env: &Environment, user: UserId) -> Result<(), StorageError> {
    let mut work = env.store.begin().await?;
    work.sign_ins().give_back_try(&ThrottleKey::Session(user)).await?;
    work.commit().await
}

async fn read(env: &Environment, user: UserId) -> Result<(User, Organization, PasswordHash), CredentialError> {
    let mut work = env.store.begin_read().await?;
    let user = work.users().find_account(user).await?.ok_or(UserError::UserNotFound)?;
    let home = work.organizations().find(user.home).await?.ok_or(UserError::OrganizationNotFound)?;
    let current = work.credentials().find_password(user.id).await?.ok_or(CredentialError::NoPassword)?;
    Ok((user, home, current.hash))
}
