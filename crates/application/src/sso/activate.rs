use varco_domain::{EventKind, ExternalIdentity, OrganizationId, UserId};

use super::SsoError;
use crate::credentials::{self, CredentialError, NewPin, link_holder, take_link};
use crate::mails::{MailContent, NewMail, enqueue};
use crate::sign_in::Origin;
use crate::storage::LinkPurpose;
use crate::users::{UserError, lock_everywhere};
use crate::write::{Change, Write};
use crate::{Environment, Mode, SecretDigest};

/// Activates the account that an activation link was mailed to, and links it to who holds the link at
/// the provider. The account gets no password.
pub(super) async fn activate(
    env: &Environment,
    origin: &Origin,
    organization: OrganizationId,
    link: &SecretDigest,
    identity: &ExternalIdentity,
) -> Result<UserId, SsoError> {
    let (seen, home) = link_holder(env, link, LinkPurpose::Activation).await?;
    if home.id != organization {
        return Err(CredentialError::LinkInvalid.into());
    }
    let pin = if home.policies.pin_required { Some(generate_pin(env).await?) } else { None };
    let caller = origin.caller();
    let mut write = Write::begin(env, &caller).await?;
    let (member, memberships) = lock_everywhere(&mut write, seen.home, seen.id).await.map_err(behind_a_link)?;
    take_link(&mut write, link, LinkPurpose::Activation, seen.id).await?;
    write.act_as(&member.user);
    let user = credentials::activate(&mut write, &member.user, &memberships).await;
    let user = user.map_err(CredentialError::behind_a_link)?;
    let now = write.now();
    write.work().sso().link(identity, user.id, now).await?;
    write.record(EventKind::UserSsoLinked, Some(user.home), &[("user", &user.id)], Change::default());
    let content = MailContent::Activated;
    enqueue(&mut write, env, &NewMail { organization: user.home, user: &user, content }).await?;
    if let Some(pin) = pin {
        pin.give(&mut write, env, &user, user.home).await?;
    }
    write.finish(Mode::Execute).await?;
    Ok(user.id)
}

async fn generate_pin(env: &Environment) -> Result<NewPin, CredentialError> {
    Ok(NewPin::generate(env).await?)
}

fn behind_a_link(error: UserError) -> CredentialError {
    CredentialError::from(error).behind_a_link()
}
