use varco_domain::{Member, OrganizationId, StatusError, UserId, UserStatus};

use super::{CredentialError, invite};
use crate::users::{UserError, lock_account};
use crate::write::Write;
use crate::{Caller, Environment, Mode, Written};

/// An account to invite again.
#[derive(Clone, Debug)]
pub struct ResendActivation {
    /// Where it lives.
    pub home: OrganizationId,
    /// The account.
    pub user: UserId,
    /// Whether it happens.
    pub mode: Mode,
}

/// Mails another activation link; the older one no longer works.
pub async fn resend_activation(
    env: &Environment,
    caller: &Caller,
    command: &ResendActivation,
) -> Result<Written<Member>, CredentialError> {
    let mut write = Write::begin(env, caller).await?;
    let member = lock_account(&mut write, command.home, command.user).await?;
    if member.user.status != UserStatus::Invited {
        return Err(UserError::from(StatusError::NotInvited).into());
    }
    let home = write.work().organizations().find(command.home).await?.ok_or(UserError::OrganizationNotFound)?;
    invite(&mut write, env, &member.user, &home).await?;
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: member, revision })
}
