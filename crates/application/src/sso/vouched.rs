use varco_domain::{ExternalIdentity, OrganizationId, User};

use crate::storage::{StorageError, StoredSsoProvider};
use crate::write::Write;

/// Whom a provider vouched for with nothing open, to be held against storage once more.
#[derive(Clone)]
pub(crate) struct Vouched {
    /// The provider, as it was when it was asked.
    pub(super) by: StoredSsoProvider,
    /// Who sits at the browser.
    pub(super) identity: ExternalIdentity,
}

impl Vouched {
    /// Whose provider it is.
    pub(crate) fn organization(&self) -> OrganizationId {
        self.by.provider.organization
    }

    /// Whether the organization, which must be locked, still has this very provider.
    pub(super) async fn is_current(&self, write: &mut Write<'_>) -> Result<bool, StorageError> {
        let current = write.work().sso().find_provider(self.organization()).await?;
        Ok(current.is_some_and(|current| current == self.by))
    }

    /// Whether it still lets this user in, whose home must be locked.
    ///
    /// Invariant: the user lives in the organization whose provider it is. Else another organization
    /// could let strangers in, by a provider that it sets up under the same issuer.
    pub(crate) async fn lets_in(&self, write: &mut Write<'_>, user: &User) -> Result<bool, StorageError> {
        let lives_here = user.home == self.organization();
        let linked = write.work().sso().find_user(&self.identity).await?;
        Ok(lives_here && linked == Some(user.id) && self.is_current(write).await?)
    }
}

/// Whether a user, whose home must be locked, can sign in by the provider of the home. One that
/// replaced another knows nobody whom the other knew.
pub(crate) async fn signs_in_by_provider(write: &mut Write<'_>, user: &User) -> Result<bool, StorageError> {
    match write.work().sso().find_provider(user.home).await? {
        Some(stored) => write.work().sso().is_known_to(&stored.provider.issuer, user.id).await,
        None => Ok(false),
    }
}
