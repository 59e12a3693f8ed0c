use varco_domain::{EventKind, OrganizationId, User};

use super::CredentialError;
use super::activate::{activate_by_link, pin_for, welcome};
use super::choose_password::choose_password;
use super::link::holder;
use super::pin::NewPin;
use crate::storage::{LinkPurpose, StoredPassword, UnitOfWork};
use crate::write::{Change, Write};
use crate::{Caller, Environment, PasswordHash, PlainSecret, SecretDigest, Written};

/// A mailed link, and the password that its holder chose.
#[derive(Clone, Debug)]
pub struct UseLink {
    /// Of the link.
    pub token: PlainSecret,
    /// Chosen just now.
    pub password: PlainSecret,
}

/// Activates the account that a link was mailed to. Nobody is signed in by it.
pub async fn activate_account(
    env: &Environment,
    caller: &Caller,
    command: &UseLink,
) -> Result<Written<User>, CredentialError> {
    let digest = env.secrets.digest(command.token.expose());
    let (user, home) = holder(env, &digest, LinkPurpose::Activation).await?;
    refuse_with_provider(env.store.begin_read().await?.as_mut(), home.id).await?;
    let hash = choose_password(env, &user, &home, &command.password, None).await?;
    let pin = pin_for(env, &home).await?;
    store(env, caller, &user, &digest, hash, pin).await
}

async fn refuse_with_provider(work: &mut dyn UnitOfWork, home: OrganizationId) -> Result<(), CredentialError> {
    match work.sso().find_provider(home).await? {
        Some(_) => Err(CredentialError::SsoRequired),
        None => Ok(()),
    }
}

async fn store(
    env: &Environment,
    caller: &Caller,
    seen: &User,
    digest: &SecretDigest,
    hash: PasswordHash,
    pin: Option<NewPin>,
) -> Result<Written<User>, CredentialError> {
    let mut write = Write::begin(env, caller).await?;
    let user = activate_by_link(&mut write, digest, seen).await?;
    // One that was set meanwhile.
    refuse_with_provider(write.work(), user.home).await?;
    let password = StoredPassword { hash, changed_at: write.now(), must_change: false };
    write.work().credentials().set_password(user.id, &password).await?;
    write.record(EventKind::UserPasswordChanged, Some(user.home), &[("user", &user.id)], Change::default());
    write.work().sign_ins().forget_all_tries(user.id).await?;
    let revision = welcome(write, env, &user, pin).await?;
    Ok(Written { value: user, revision })
}
