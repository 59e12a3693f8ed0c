use varco_domain::{EventKind, User};

use super::choose_password::choose_password;
use super::link::{holder, take_link};
use super::pin::NewPin;
use super::{CredentialError, activate};
use crate::mails::{MailContent, NewMail, enqueue};
use crate::storage::{LinkPurpose, StoredPassword};
use crate::users::lock_everywhere;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, PasswordHash, PlainSecret, SecretDigest, Written};

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
    if env.store.begin_read().await?.sso().find_provider(home.id).await?.is_some() {
        return Err(CredentialError::SsoRequired);
    }
    let hash = choose_password(env, &user, &home, &command.password, None).await?;
    let pin = if home.policies.pin_required { Some(NewPin::generate(env).await?) } else { None };
    let result = store(env, caller, &user, &digest, hash, pin).await;
    result.map_err(CredentialError::behind_a_link)
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
    let (member, memberships) = lock_everywhere(&mut write, seen.home, seen.id).await?;
    take_link(&mut write, digest, LinkPurpose::Activation, seen.id).await?;
    write.act_as(&member.user);
    let user = activate(&mut write, &member.user, &memberships).await?;
    let password = StoredPassword { hash, changed_at: write.now(), must_change: false };
    write.work().credentials().set_password(user.id, &password).await?;
    write.record(EventKind::UserPasswordChanged, Some(user.home), &[("user", &user.id)], Change::default());
    write.work().sign_ins().forget_all_tries(user.id).await?;
    let content = MailContent::Activated;
    enqueue(&mut write, env, &NewMail { organization: user.home, user: &user, content }).await?;
    if let Some(pin) = pin {
        pin.give(&mut write, env, &user, user.home).await?;
    }
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value: user, revision })
}
