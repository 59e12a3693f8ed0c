//! Sign-in: a conversation whose every answer is a session or the next thing that is needed.
//!
//! Whatever is wrong is answered alike, after the same work. Each step reads and counts in one unit
//! of work, hashes with nothing open, and goes on only if what it had read is still so, under the
//! locks of the user's home and of the organization that is entered.

mod admission;
mod admit;
mod begin_session;
mod continue_sign_in;
mod enter;
mod let_in;
mod origin;
mod proceed;
mod prove;
mod refuse;
mod try_challenge;
mod with_password;

pub use admission::Admission;
pub(crate) use admission::Way;
pub use continue_sign_in::{Answer, ContinueSignIn, continue_sign_in};
pub(crate) use enter::enter;
pub use enter::{SelectOrganization, select_organization};
pub(crate) use let_in::let_in;
pub use origin::{Origin, Source};
pub(crate) use refuse::{About, keep_refusal};
pub use with_password::{SignIn, sign_in};

use std::time::Duration;

use varco_domain::{PasswordError, Step};

use crate::credentials::CredentialError;
use crate::sessions::NewSession;
use crate::storage::{NamedDoor, StorageError};
use crate::{HasherBusy, KeyUnusable, PlainSecret};

/// What a step of a sign-in gave.
#[derive(Clone, Debug)]
pub enum Answered {
    /// Everything was shown.
    Session(Box<NewSession>),
    /// Something is missing.
    Next(NextStep),
}

/// The next thing that is needed.
#[derive(Clone, Debug)]
pub struct NextStep {
    /// What.
    pub step: Step,
    /// To go on with, once.
    pub challenge: PlainSecret,
    /// How long it works.
    pub expires_in: Duration,
    /// To choose from, if an organization is needed.
    pub doors: Vec<NamedDoor>,
}

/// Why a sign-in does not go on.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Something is wrong; nobody is told what.
    #[error("the sign-in was refused")]
    Refused,
    /// It comes too early after others.
    #[error("too many tries")]
    TooManyAttempts {
        /// How long to wait.
        wait: Duration,
    },
    /// There are more sign-ins than can be handled soon.
    #[error("too many sign-ins at once")]
    Overloaded {
        /// How long to wait.
        wait: Duration,
    },
    /// The user may not enter that organization.
    #[error("no such organization to enter")]
    OrganizationNotFound,
    /// What was chosen may not be a password.
    #[error(transparent)]
    Password(PasswordError),
    /// What was chosen is the password that was to be replaced.
    #[error("must not be the password in whose place it comes")]
    PasswordUnchanged,
    /// No access token can be signed.
    #[error(transparent)]
    Key(#[from] KeyUnusable),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl SignInError {
    /// Whether it lost against other writers.
    pub(crate) const fn has_lost(&self) -> bool {
        matches!(self, Self::Storage(StorageError::Contention))
    }

    /// Whether nothing came of what was proved, so that it was no try.
    const fn is_no_try(&self) -> bool {
        self.has_lost() || matches!(self, Self::Overloaded { .. })
    }
}

impl From<HasherBusy> for SignInError {
    fn from(busy: HasherBusy) -> Self {
        Self::Overloaded { wait: busy.retry_after }
    }
}

impl From<CredentialError> for SignInError {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::Password(problem) => Self::Password(problem),
            CredentialError::PasswordUnchanged => Self::PasswordUnchanged,
            CredentialError::Busy(busy) => busy.into(),
            CredentialError::Storage(error) => error.into(),
            // Of what a sign-in asks for, the rest means that the account went in between.
            CredentialError::User(_)
            | CredentialError::OwnCredentials
            | CredentialError::NotActivated
            | CredentialError::NoPassword
            | CredentialError::LinkInvalid
            | CredentialError::SsoRequired
            | CredentialError::PasswordWrong
            | CredentialError::TooEarly(_) => Self::Refused,
        }
    }
}
