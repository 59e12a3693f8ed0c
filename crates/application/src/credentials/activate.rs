use varco_domain::{EventKind, Membership, Organization, Revision, User};

use super::link::take_link;
use super::{CredentialError, NewPin};
use crate::mails::{MailContent, NewMail, enqueue};
use crate::storage::{LinkPurpose, StorageError};
use crate::users::{UserError, lock_everywhere};
use crate::write::{Change, Write};
use crate::{Environment, Mode, SecretDigest};

/// Lets an invited account act, and tells every organization of it. All of them must be locked.
pub(super) async fn activate(
    write: &mut Write<'_>,
    before: &User,
    memberships: &[Membership],
) -> Result<User, CredentialError> {
    let mut user = before.clone();
    user.activate(write.now()).map_err(UserError::from)?;
    write.work().users().update(&mut user).await?;
    for membership in memberships {
        let change = Change::updated(before, &user);
        write.record(EventKind::UserActivated, Some(membership.organization), &[("user", &user.id)], change);
    }
    Ok(user)
}

/// Uses up the link of an invited account and lets the account act. By what its user signs in from
/// then on is still to be stored; the account's home is locked.
pub(crate) async fn activate_by_link(
    write: &mut Write<'_>,
    link: &SecretDigest,
    seen: &User,
) -> Result<User, CredentialError> {
    let locked = lock_everywhere(write, seen.home, seen.id).await;
    let (member, memberships) = locked.map_err(|error| CredentialError::from(error).behind_a_link())?;
    take_link(write, link, LinkPurpose::Activation, seen.id).await?;
    write.act_as(&member.user);
    activate(write, &member.user, &memberships).await.map_err(CredentialError::behind_a_link)
}

/// Makes a PIN where the organization demands one, with no unit of work open.
pub(crate) async fn pin_for(env: &Environment, home: &Organization) -> Result<Option<NewPin>, CredentialError> {
    Ok(if home.policies.pin_required { Some(NewPin::generate(env).await?) } else { None })
}

/// Mails whoever activated the account that it is done, and the PIN; then commits.
pub(crate) async fn welcome(
    mut write: Write<'_>,
    env: &Environment,
    user: &User,
    pin: Option<NewPin>,
) -> Result<Revision, StorageError> {
    let content = MailContent::Activated;
    enqueue(&mut write, env, &NewMail { organization: user.home, user, content }).await?;
    if let Some(pin) = pin {
        pin.give(&mut write, env, user, user.home).await?;
    }
    write.finish(Mode::Execute).await
}
