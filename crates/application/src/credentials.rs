//! What users prove themselves by, and how they come by it: activation, passwords, PINs.
//!
//! Nothing slow happens in a unit of work: a use case reads, hashes with nothing open, and then stores
//! the result only if what it had read is still so.

mod activate;
mod activate_account;
mod activate_directly;
mod change_password;
mod choose_password;
mod complete_password_reset;
mod invite;
mod link;
mod may_have_password;
mod password_changed;
mod pin;
mod request_password_reset;
mod resend_activation;
mod reset;

pub(crate) use activate::{activate_by_link, pin_for, welcome};
pub use activate_account::{UseLink, activate_account};
pub use activate_directly::activate_directly;
pub use change_password::{ChangePassword, change_password};
pub(crate) use choose_password::choose_password;
pub use complete_password_reset::complete_password_reset;
pub(crate) use invite::invite;
pub(crate) use link::holder as link_holder;
pub(crate) use password_changed::password_changed;
pub(crate) use pin::NewPin;
pub use request_password_reset::{RequestedReset, request_password_reset};
pub use resend_activation::{ResendActivation, resend_activation};
pub use reset::{Reset, reset_password, reset_pin};

use varco_domain::{PasswordError, TooEarly};

use crate::HasherBusy;
use crate::storage::StorageError;
use crate::users::UserError;

/// Why something about credentials did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// Something about the account.
    #[error(transparent)]
    User(UserError),
    /// Nobody resets what is his own.
    #[error("the user is the caller")]
    OwnCredentials,
    /// The account was never activated, so that there is nothing to reset.
    #[error("the user has not activated the account")]
    NotActivated,
    /// The user does not sign in with a password.
    #[error("the user has no password")]
    NoPassword,
    /// Unknown, used, expired or replaced; nobody is told which.
    #[error("the link is wrong, used or expired")]
    LinkInvalid,
    /// The organization has single sign-on: its users get no password by a link.
    #[error("the organization has single sign-on")]
    SsoRequired,
    /// What was given as the current password is not.
    #[error("the current password is wrong")]
    PasswordWrong,
    /// What was chosen may not be a password.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// What was chosen is the password that was to be replaced.
    #[error("must not be the password in whose place it comes")]
    PasswordUnchanged,
    /// It comes too early after others that failed.
    #[error(transparent)]
    TooEarly(#[from] TooEarly),
    /// There is too much to hash.
    #[error(transparent)]
    Busy(#[from] HasherBusy),
    /// Storage failed.
    #[error(transparent)]
    Storage(StorageError),
}

impl CredentialError {
    /// Whether it lost against other writers.
    pub(crate) const fn has_lost(&self) -> bool {
        matches!(self, Self::Storage(StorageError::Contention))
    }
}

impl From<UserError> for CredentialError {
    fn from(error: UserError) -> Self {
        match error {
            UserError::Storage(error) => Self::Storage(error),
            other => Self::User(other),
        }
    }
}

impl From<StorageError> for CredentialError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}
