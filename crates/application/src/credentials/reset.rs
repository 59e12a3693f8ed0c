use varco_domain::{EventKind, Member, OrganizationId, SessionEnd, UserId};

use super::CredentialError;
use super::may_have_password::may_have_password;
use super::pin::NewPin;
use crate::mails::{MailContent, NewMail, enqueue};
use crate::sessions::end_sessions;
use crate::storage::{LinkPurpose, SessionsOf, StoredPassword};
use crate::users::lock_account;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// An account whose password or PIN an administrator resets.
#[derive(Clone, Debug)]
pub struct Reset {
    /// Where it lives.
    pub home: OrganizationId,
    /// The account.
    pub user: UserId,
    /// Whether it happens.
    pub mode: Mode,
}

/// Makes the current password useless and mails a temporary one, which lets its user do nothing but
/// choose another. No administrator ever sees it. Ends the user's sessions.
pub async fn reset_password(
    env: &Environment,
    caller: &Caller,
    command: &Reset,
) -> Result<Written<Member>, CredentialError> {
    refuse_own(caller, command)?;
    let temporary = env.secrets.generate_temporary_password();
    let hash = env.password_hasher.hash(temporary.clone()).await?;

    let mut write = Write::begin(env, caller).await?;
    let member = lock_activated(&mut write, command).await?;
    let (user, now) = (&member.user, write.now());
    if !may_have_password(&mut write, user).await? {
        return Err(CredentialError::NoPassword);
    }
    let password = StoredPassword { hash, changed_at: now, must_change: true };
    write.work().credentials().set_password(user.id, &password).await?;
    write.work().credentials().delete_link(user.id, LinkPurpose::PasswordReset).await?;
    end_sessions(&mut write, SessionsOf::User(user.id), None, SessionEnd::PasswordReset).await?;
    write.work().sign_ins().forget_all_tries(user.id).await?;
    write.record(EventKind::UserPasswordReset, Some(user.home), &[("user", &user.id)], Change::default());
    let content = MailContent::TemporaryPassword { password: temporary };
    enqueue(&mut write, env, &NewMail { organization: user.home, user, content }).await?;
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: member, revision })
}

/// Makes the current PIN useless, if there is one, and mails a new one, which is inactive until it is
/// used. Ends the user's sessions.
pub async fn reset_pin(
    env: &Environment,
    caller: &Caller,
    command: &Reset,
) -> Result<Written<Member>, CredentialError> {
    refuse_own(caller, command)?;
    let pin = NewPin::generate(env).await?;

    let mut write = Write::begin(env, caller).await?;
    let member = lock_activated(&mut write, command).await?;
    let user = &member.user;
    end_sessions(&mut write, SessionsOf::User(user.id), None, SessionEnd::PinReset).await?;
    write.record(EventKind::UserPinReset, Some(user.home), &[("user", &user.id)], Change::default());
    pin.give(&mut write, env, user, user.home).await?;
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: member, revision })
}

/// Whoever could reset what is his own would turn a session left open into a password that only he knows.
fn refuse_own(caller: &Caller, command: &Reset) -> Result<(), CredentialError> {
    match caller.user() {
        Some((user, _)) if user == command.user => Err(CredentialError::OwnCredentials),
        _ => Ok(()),
    }
}

async fn lock_activated(write: &mut Write<'_>, command: &Reset) -> Result<Member, CredentialError> {
    let member = lock_account(write, command.home, command.user).await?;
    if member.user.activated_at.is_none() {
        return Err(CredentialError::NotActivated);
    }
    Ok(member)
}
