use varco_domain::{Access, Email, MailPreferences, Member, OrganizationId, Profile, UserStatus, Username};

use super::UserError;
use super::join::Terms;
use super::newcomer::{Newcomer, take_in};
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
    let newcomer = Newcomer {
        organization: command.organization,
        username: command.username.as_ref(),
        email: &command.email,
        profile: &command.profile,
        status: UserStatus::Contact,
        terms: Terms { access: Access::NONE, mail: command.mail, expires_at: None },
        mode: command.mode,
    };
    take_in(env, caller, newcomer, once).await
}
