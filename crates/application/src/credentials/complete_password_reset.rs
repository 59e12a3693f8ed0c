use varco_domain::{SessionEnd, User, UserStatus};

use super::choose_password::choose_password;
use super::link::{holder, take_link};
use super::may_have_password::may_have_password;
use super::password_changed::password_changed;
use super::{CredentialError, UseLink};
use crate::sessions::end_sessions;
use crate::storage::{LinkPurpose, SessionsOf, StoredPassword};
use crate::users::lock_account;
use crate::write::Write;
use crate::{Caller, Environment, Mode, PasswordHash, SecretDigest, Written};

/// Stores the password that the holder of a mailed link chose. Ends every session of the account;
/// nobody is signed in by it.
pub async fn complete_password_reset(
    env: &Environment,
    caller: &Caller,
    command: &UseLink,
) -> Result<Written<User>, CredentialError> {
    let digest = env.secrets.digest(command.token.expose());
    let (user, home) = holder(env, &digest, LinkPurpose::PasswordReset).await?;
    let hash = choose_password(env, &user, &home, &command.password, None).await?;
    store(env, caller, &user, &digest, hash).await.map_err(CredentialError::behind_a_link)
}

async fn store(
    env: &Environment,
    caller: &Caller,
    seen: &User,
    digest: &SecretDigest,
    hash: PasswordHash,
) -> Result<Written<User>, CredentialError> {
    let mut write = Write::begin(env, caller).await?;
    let user = lock_account(&mut write, seen.home, seen.id).await?.user;
    if user.status != UserStatus::Active || !may_have_password(&mut write, &user).await? {
        return Err(CredentialError::LinkInvalid);
    }
    take_link(&mut write, digest, LinkPurpose::PasswordReset, user.id).await?;
    write.act_as(&user);
    let password = StoredPassword { hash, changed_at: write.now(), must_change: false };
    write.work().credentials().set_password(user.id, &password).await?;
    password_changed(&mut write, env, &user).await?;
    end_sessions(&mut write, SessionsOf::User(user.id), None, SessionEnd::PasswordChanged).await?;
    write.work().sign_ins().forget_all_tries(user.id).await?;
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value: user, revision })
}
