use varco_domain::{Access, Email, MailPreferences, Member, OrganizationId, Profile, UserId, UserStatus, Username};

use super::UserError;
use super::join::{Terms, join, join_as_guest};
use super::lock::lock_with_account;
use super::new_account::{NewAccount, insert_account, settled};
use crate::write::Write;
use crate::{Caller, Environment, Mode, Once, Outcome};

/// A contact to create.
#[derive(Clone, Debug)]
pub struct CreateContact {
    /// The organization.
    pub organization: OrganizationId,
    /// The account's name, if it is new; `None` for one made from its identifier.
    pub username: Option<Username>,
    /// The contact's address, or that of an account that lives elsewhere.
    pub email: Email,
    /// Of the person, if the account is new.
    pub profile: Profile,
    /// The mail that the contact wants.
    pub mail: MailPreferences,
    /// Whether it happens.
    pub mode: Mode,
}

/// Creates an account without credentials, or adds one that lives elsewhere as external without access
/// and leaves it as it is.
pub async fn create_contact(
    env: &Environment,
    caller: &Caller,
    command: &CreateContact,
    once: Option<&Once<'_, Member>>,
) -> Result<Outcome<Member>, UserError> {
    let result = try_create(env, caller, command, once).await;
    settled(env, &command.email, result).await
}

async fn try_create(
    env: &Environment,
    caller: &Caller,
    command: &CreateContact,
    once: Option<&Once<'_, Member>>,
) -> Result<Outcome<Member>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (organization, account) = lock_with_account(&mut write, command.organization, &command.email).await?;
    if let Some(answer) = write.repeated(once).await?? {
        return Ok(Outcome::Repeated(answer));
    }
    let terms = Terms { access: Access::NONE, mail: command.mail, expires_at: None };
    let member = if let Some(account) = account {
        join_as_guest(&mut write, organization, account, terms).await?
    } else {
        let id = env.new_id();
        let username = command.username.clone().unwrap_or_else(|| username_of(id));
        let CreateContact { email, profile, .. } = command;
        let status = UserStatus::Contact;
        let new = NewAccount { id, username: &username, email, profile, status, home: command.organization };
        let account = insert_account(&mut write, new).await?;
        join(&mut write, organization, account, terms).await?
    };
    Ok(write.finish_once(command.mode, member, once).await?)
}

/// A name that no other account has, for somebody who does not sign in and needs none.
fn username_of(id: UserId) -> Username {
    let name = id.to_string().replace("user_", "contact-");
    Username::parse(&name).expect("an identifier is 26 small letters and digits behind its prefix")
}
