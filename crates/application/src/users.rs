//! Accounts and the memberships that tie them to organizations.

mod add_membership;
mod create_contact;
mod create_user;
mod expire_memberships;
mod join;
mod last_admin;
mod leave;
mod list_memberships;
mod list_sent_mails;
mod list_users;
mod lock;
mod mail_preferences;
mod newcomer;
mod profile;
mod remove_account;
mod remove_membership;
mod remove_user;
mod seats;
mod set_access;
mod sub_account;
mod suspend_user;
mod update_user;

pub use add_membership::{AddMembership, add_membership};
pub use create_contact::{CreateContact, create_contact};
pub use create_user::{Activation, CreateUser, create_user};
pub use expire_memberships::expire_memberships;
pub use list_memberships::{ListMemberships, list_memberships};
pub use list_sent_mails::{ListSentMails, list_sent_mails};
pub use list_users::{ListUsers, UserPage, find_user, list_users};
pub(crate) use lock::{lock_account, lock_everywhere};
pub use mail_preferences::{ListMailRecipients, UpdateMailPreferences, list_mail_recipients, update_mail_preferences};
pub use profile::{UpdateProfile, find_profile, update_profile};
pub(crate) use remove_account::remove_account;
pub use remove_membership::{RemoveMembership, remove_membership};
pub use remove_user::{RemoveUser, Removed, remove_user};
pub use set_access::{Expiry, SetAccess, set_access};
pub use sub_account::{ActivateSubAccount, activate_sub_account, deactivate_sub_account};
pub use suspend_user::{ChangeStatus, reactivate_user, suspend_user};
pub use update_user::{UpdateUser, update_user};

use varco_domain::{NoFreeSeat, OrganizationId, StatusError};

use crate::RequestIdReused;
use crate::storage::{StorageError, UniqueKey};

/// Why something about users did not happen.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// No such organization.
    #[error("no such organization")]
    OrganizationNotFound,
    /// No such user in the organization.
    #[error("no such user")]
    UserNotFound,
    /// An account has that username.
    #[error("an account has that username")]
    UsernameTaken,
    /// A member of the organization has that email.
    #[error("the user is a member already")]
    AlreadyMember,
    /// No seat is free.
    #[error(transparent)]
    NoFreeSeat(#[from] NoFreeSeat),
    /// Nobody could administer an organization any more.
    #[error("the user is the last active back-office admin of an organization")]
    LastAdmin {
        /// Which one.
        organization: OrganizationId,
    },
    /// The account lives elsewhere.
    #[error("the account lives in another organization")]
    NotHomeOrganization,
    /// The membership goes with its account alone.
    #[error("an internal membership ends only with its account")]
    InternalMembership,
    /// A membership cannot end in the past, nor in more than a hundred years.
    #[error("the membership cannot end then")]
    BadExpiry,
    /// The status does not change.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// The etag has passed.
    #[error("the user changed since it was read")]
    Stale,
    /// Of a different request.
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    /// Storage failed.
    #[error(transparent)]
    Storage(StorageError),
}

impl From<StorageError> for UserError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Duplicate(UniqueKey::Username) => Self::UsernameTaken,
            StorageError::Duplicate(UniqueKey::Membership) => Self::AlreadyMember,
            // Taken since it was looked for: whoever tries again finds the account.
            StorageError::Duplicate(UniqueKey::Email) => Self::Storage(StorageError::Contention),
            StorageError::Stale => Self::Stale,
            other => Self::Storage(other),
        }
    }
}
