use varco_domain::{Access, Email, MailPreferences, Member, OrganizationId, Timestamp};

use super::UserError;
use super::join::{Terms, join_as_guest};
use super::lock::lock_with_account;
use crate::write::Write;
use crate::{Caller, Environment, Mode, Once, Outcome};

/// A membership to add.
#[derive(Clone, Debug)]
pub struct AddMembership {
    /// The organization.
    pub organization: OrganizationId,
    /// The address of an account that lives elsewhere.
    pub email: Email,
    /// What the membership lets the user enter.
    pub access: Access,
    /// When the membership ends; `None` for never.
    pub expires_at: Option<Timestamp>,
    /// Whether it happens.
    pub mode: Mode,
}

/// Adds an account that lives elsewhere as an external member.
pub async fn add_membership(
    env: &Environment,
    caller: &Caller,
    command: &AddMembership,
    once: Option<&Once<'_, Member>>,
) -> Result<Outcome<Member>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (organization, account) = lock_with_account(&mut write, command.organization, &command.email).await?;
    if let Some(answer) = write.repeated(once).await?? {
        return Ok(Outcome::Repeated(answer));
    }
    let account = account.ok_or(UserError::UserNotFound)?;
    let AddMembership { access, expires_at, .. } = *command;
    let terms = Terms { access, mail: MailPreferences::of_users(), expires_at };
    let member = join_as_guest(&mut write, organization, account, terms).await?;
    Ok(write.finish_once(command.mode, member, once).await?)
}
