use async_trait::async_trait;
use varco_domain::{ExternalIdentity, OrganizationId, RedirectUri, SsoIssuer, SsoProvider, Timestamp, UserId};

use super::StorageError;
use crate::SecretDigest;

/// A provider as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSsoProvider {
    /// The provider.
    pub provider: SsoProvider,
    /// Our secret there, encrypted for this installation.
    pub sealed_secret: Vec<u8>,
}

/// A browser that was sent to a provider and has not come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoRequest {
    /// Of the state that the browser brings back; the state itself is not kept.
    pub state: SecretDigest,
    /// Whose provider.
    pub organization: OrganizationId,
    /// Where the provider sends the browser back to.
    pub redirect_uri: RedirectUri,
    /// What the answer must fit, encrypted for this installation.
    pub sealed_expected: Vec<u8>,
    /// Of the activation link that the browser came with, if it came with one.
    pub link: Option<SecretDigest>,
    /// From this instant it no longer works.
    pub expires_at: Timestamp,
}

/// Single sign-on: providers, browsers on their way, and who is who.
#[async_trait]
pub trait SsoRepository: Send {
    /// Gives the provider of an organization.
    async fn find_provider(&mut self, organization: OrganizationId) -> Result<Option<StoredSsoProvider>, StorageError>;

    /// Stores a provider in place of whatever there was. Who is on the way has to start again.
    async fn set_provider(&mut self, provider: &StoredSsoProvider) -> Result<(), StorageError>;

    /// Deletes a provider. Who is on the way has to start again.
    async fn delete_provider(&mut self, organization: OrganizationId) -> Result<(), StorageError>;

    /// Stores a request, and forgets those that have expired.
    async fn insert_request(&mut self, request: &SsoRequest, now: Timestamp) -> Result<(), StorageError>;

    /// Uses up the request with this state if it works now. Of several calls one gets it.
    async fn take_request(&mut self, state: &SecretDigest, now: Timestamp) -> Result<Option<SsoRequest>, StorageError>;

    /// Gives the user who has this identity.
    async fn find_user(&mut self, identity: &ExternalIdentity) -> Result<Option<UserId>, StorageError>;

    /// Whether a user has an identity at this issuer.
    async fn is_known_to(&mut self, issuer: &SsoIssuer, user: UserId) -> Result<bool, StorageError>;

    /// Gives a user an identity. Fails if somebody has it.
    async fn link(&mut self, identity: &ExternalIdentity, user: UserId, now: Timestamp) -> Result<(), StorageError>;
}
