//! Single sign-on: an organization lets a provider of its own (OpenID Connect) say who its users are.
//!
//! A browser is sent to the provider and comes back with a code, which is exchanged with nothing open
//! for what the provider signed. That names somebody by issuer and subject, never by email: names are
//! linked to accounts by an activation link alone, so whoever could make a provider claim an address
//! gains nothing. What a provider says counts for accounts that live in its organization, for no other.

mod activate;
mod begin_sso;
mod complete_sso;
mod provider;
mod seal;
mod vouched;

pub use begin_sso::{BeginSso, SsoBegun, Whose, begin_sso};
pub use complete_sso::{CompleteSso, complete_sso};
pub use provider::{
    RemoveSsoProvider, SetSsoProvider, SsoProviderError, find_sso_provider, remove_sso_provider, set_sso_provider,
};
pub(crate) use vouched::{Vouched, signs_in_by_provider};

use varco_domain::OrganizationId;

use crate::SsoFailure;
use crate::credentials::CredentialError;
use crate::sign_in::SignInError;
use crate::storage::{StorageError, UniqueKey};

/// Why a single sign-on does not go on.
#[derive(Debug, thiserror::Error)]
pub enum SsoError {
    /// The organization has no provider, or there is no such organization.
    #[error("no provider of single sign-on")]
    ProviderNotFound,
    /// The provider is not to send browsers there.
    #[error("must be one of the provider's redirect URIs")]
    RedirectUriUnknown,
    /// Something is wrong, or the provider knows somebody who has no account; nobody is told which.
    #[error("the single sign-on was refused")]
    Refused,
    /// The person at the provider has another account.
    #[error("the person at the provider has another account")]
    IdentityTaken,
    /// The provider cannot be talked to.
    #[error("the provider of single sign-on does not answer as it should")]
    ProviderUnavailable,
    /// Of the activation link.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// Of the sign-in, once it is known who signs in.
    #[error(transparent)]
    SignIn(SignInError),
    /// Storage failed.
    #[error(transparent)]
    Storage(StorageError),
}

impl SsoError {
    /// Whether it lost against other writers.
    fn has_lost(&self) -> bool {
        match self {
            Self::Storage(error) => error.is_contention(),
            Self::Credential(error) => error.has_lost(),
            Self::SignIn(error) => error.has_lost(),
            _ => false,
        }
    }
}

impl From<SignInError> for SsoError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::Refused,
            other => Self::SignIn(other),
        }
    }
}

impl From<StorageError> for SsoError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Duplicate(UniqueKey::ExternalIdentity) => Self::IdentityTaken,
            other => Self::Storage(other),
        }
    }
}

/// Logs why a provider did not help, for who set it up. Who signs in hears less.
fn failed(organization: OrganizationId, failure: SsoFailure) -> SsoError {
    tracing::warn!(organization.id = %organization, error = %failure, "single sign-on failed at the provider");
    match failure {
        SsoFailure::Unavailable(_) => SsoError::ProviderUnavailable,
        SsoFailure::Refused(_) => SsoError::Refused,
    }
}
