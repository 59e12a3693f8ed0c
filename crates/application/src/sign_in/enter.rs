use varco_domain::{OrganizationId, SessionId, Shown, UserId};

use super::origin::Origin;
use super::proceed::{Conversation, proceed};
use super::prove::Proved;
use super::{Answered, SignInError};
use crate::Environment;
use crate::sso::Vouched;
use crate::storage::{SignInAccount, UnitOfWork};

/// A session that goes on in another organization.
#[derive(Clone, Debug)]
pub struct SelectOrganization {
    /// Whose it is.
    pub user: UserId,
    /// The session.
    pub session: SessionId,
    /// Where to.
    pub organization: OrganizationId,
    /// From where.
    pub origin: Origin,
}

/// Goes on after a provider said who signs in: everything that the organizations demand beside that is
/// asked for as ever.
pub(crate) async fn enter(
    env: &Environment,
    user: UserId,
    vouched: &Vouched,
    origin: &Origin,
) -> Result<Answered, SignInError> {
    let mut work = env.store.begin_read().await?;
    let (account, has_pin) = read(env, work.as_mut(), user).await?;
    drop(work);
    let shown = Shown { pin: false, organization: Some(vouched.organization()) };
    let conversation = Conversation { account: &account, has_pin, shown, origin, replaced: None };
    proceed(env, &conversation, &Proved::Provider(vouched.clone())).await
}

/// Begins a session in another organization of the same user in place of this one. What that
/// organization demands beside what this session has shown is asked for; this one stays until then.
pub async fn select_organization(env: &Environment, command: &SelectOrganization) -> Result<Answered, SignInError> {
    let mut work = env.store.begin_read().await?;
    let session = work.sessions().find(command.session, env.clock.now()).await?.ok_or(SignInError::Refused)?;
    let (account, has_pin) = read(env, work.as_mut(), command.user).await?;
    drop(work);
    if !account.doors.iter().any(|door| door.door.organization == command.organization) {
        return Err(SignInError::OrganizationNotFound);
    }
    let shown = Shown { pin: session.pin_given, organization: Some(command.organization) };
    let conversation =
        Conversation { account: &account, has_pin, shown, origin: &command.origin, replaced: Some(&session) };
    proceed(env, &conversation, &Proved::Session(session.id)).await
}

async fn read(
    env: &Environment,
    work: &mut dyn UnitOfWork,
    user: UserId,
) -> Result<(SignInAccount, bool), SignInError> {
    let account = work.sign_ins().account(user, env.clock.now()).await?.ok_or(SignInError::Refused)?;
    let has_pin = work.credentials().find_pin(user).await?.is_some();
    Ok((account, has_pin))
}
