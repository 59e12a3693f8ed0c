use varco_domain::{
    Access, Email, MailPreferences, Member, Organization, OrganizationId, Profile, Timestamp, UserStatus, Username,
};

use super::UserError;
use super::join::{Terms, join, join_as_guest};
use super::lock::lock_with_account;
use super::new_account::{NewAccount, insert_account, settled};
use crate::credentials::invite;
use crate::write::Write;
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
    let result = try_create(env, caller, command, once).await;
    settled(env, &command.email, result).await
}

async fn try_create(
    env: &Environment,
    caller: &Caller,
    command: &CreateUser,
    once: Option<&Once<'_, Member>>,
) -> Result<Outcome<Member>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (organization, account) = lock_with_account(&mut write, command.organization, &command.email).await?;
    if let Some(answer) = write.repeated(once).await?? {
        return Ok(Outcome::Repeated(answer));
    }
    let CreateUser { access, expires_at, .. } = *command;
    let terms = Terms { access, mail: MailPreferences::of_users(), expires_at };
    let member = match account {
        Some(account) => join_as_guest(&mut write, organization, account, terms).await?,
        None => create_account(&mut write, env, command, organization, terms).await?,
    };
    Ok(write.finish_once(command.mode, member, once).await?)
}

async fn create_account(
    write: &mut Write<'_>,
    env: &Environment,
    command: &CreateUser,
    home: Organization,
    terms: Terms,
) -> Result<Member, UserError> {
    let CreateUser { username, email, profile, .. } = command;
    let status = match command.activation {
        Activation::ByLink => UserStatus::Invited,
        Activation::AtOnce => UserStatus::Active,
    };
    let new = NewAccount { id: env.new_id(), username, email, profile, status, home: home.id };
    let account = insert_account(write, new).await?;
    let member = join(write, home.clone(), account, terms).await?;
    if command.activation == Activation::ByLink {
        invite(write, env, &member.user, &home).await?;
    }
    Ok(member)
}
