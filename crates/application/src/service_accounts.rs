//! Programs that call the service, and their secrets.

mod bootstrap_operator;
mod create_secret;
mod create_service_account;
mod delete_service_account;
mod list_service_accounts;
mod lock;
mod revoke_secret;

pub use bootstrap_operator::bootstrap_operator;
pub use create_secret::{CreateSecret, NewSecret, create_secret};
pub use create_service_account::{CreateServiceAccount, NewServiceAccount, create_service_account};
pub use delete_service_account::{DeleteServiceAccount, delete_service_account};
pub use list_service_accounts::{ListServiceAccounts, list_service_accounts};
pub use revoke_secret::{RevokeSecret, revoke_secret};

use crate::storage::{StorageError, UniqueKey};

/// Why something about service accounts did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ServiceAccountError {
    /// No such organization.
    #[error("no such organization")]
    OrganizationNotFound,
    /// No such service account there.
    #[error("no such service account")]
    ServiceAccountNotFound,
    /// No such secret of the service account.
    #[error("no such secret")]
    SecretNotFound,
    /// Another service account has that username.
    #[error("another service account has that username")]
    NameTaken,
    /// As many secrets as may work at a time.
    #[error("the service account has two secrets that work")]
    TooManySecrets,
    /// Nobody could call as an operator any more.
    #[error("it is the last operator credential that works")]
    LastOperator,
    /// Storage failed.
    #[error(transparent)]
    Storage(StorageError),
}

impl From<StorageError> for ServiceAccountError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Duplicate(UniqueKey::ServiceAccountUsername) => Self::NameTaken,
            other => Self::Storage(other),
        }
    }
}
