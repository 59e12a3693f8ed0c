use varco_domain::{Access, Email, MailPreferences, Member, OrganizationId, Profile, Timestamp, UserStatus, Username};

use super::UserError;
use super::join::Terms;
use super::newcomer::{Newcomer, take_in};
use crate::{Caller, Environment, Mode, Once, Outcome};

/// A user to create.
#[derive(Clone, Debug)]
pub struct CreateUser {
    /// The organization.
    pub organization: OrganizationId,
    /// The account's name, if it is new.
    pub username: Username,
    /// The account's address, or that of an account that lives elsewhere.
    pub email: Email,
    /// Of the person, if the account is new.
    pub profile: Profile,
    /// What the membership lets the user enter.
    pub access: Access,
    /// When the membership of an account that lives elsewhere ends; `None` for never.
    pub expires_at: Option<Timestamp>,
    /// How the account, if it is new, becomes active.
    pub activation: Activation,
    /// Whether it happens.
    pub mode: Mode,
}

/// How a new account becomes active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// Its person uses the link that is mailed to the address, which proves the address.
    ByLink,
    /// It is active when it is created, and nobody is mailed: demo data. No RPC leads here.
    AtOnce,
}

/// Creates an account and mails its person a link to activate it, or adds one that lives elsewhere as
/// external and leaves it as it is.
pub async fn create_user(
    env: &Environment,
    caller: &Caller,
    command: &CreateUser,
    once: Option<&Once<'_, Member>>,
) -> Result<Outcome<Member>, UserError> {
    let CreateUser { organization, access, expires_at, mode, .. } = *command;
    let newcomer = Newcomer {
        organization,
        username: Some(&command.username),
        email: &command.email,
        profile: &command.profile,
        status: match command.activation {
            Activation::ByLink => UserStatus::Invited,
            Activation::AtOnce => UserStatus::Active,
        },
        terms: Terms { access, mail: MailPreferences::of_users(), expires_at },
        mode,
    };
    take_in(env, caller, newcomer, once).await
}
