//! Single sign-on: providers, browsers on their way, and who is who.

mod row;

use async_trait::async_trait;
use varco_application::SecretDigest;
use varco_application::storage::{SsoRepository, SsoRequest, StorageError, StoredSsoProvider};
use varco_domain::{ExternalIdentity, OrganizationId, RedirectUri, SsoIssuer, Timestamp, UserId};

use crate::codec::write_texts;
use crate::sql::{scoped, sql};
use crate::work::SeaUnitOfWork;
use row::{IdentityRow, ProviderRow, RequestRow};

#[async_trait]
impl SsoRepository for SeaUnitOfWork {
    async fn find_provider(&mut self, organization: OrganizationId) -> Result<Option<StoredSsoProvider>, StorageError> {
        let text = "SELECT organization_id, issuer, client_id, sealed_secret, redirect_uris FROM sso_providers \
            WHERE organization_id = $1";
        self.row::<ProviderRow>(scoped(organization, text)).await?.map(StoredSsoProvider::try_from).transpose()
    }

    async fn set_provider(&mut self, stored: &StoredSsoProvider) -> Result<(), StorageError> {
        let provider = &stored.provider;
        SsoRepository::delete_provider(self, provider.organization).await?;
        let insert = sql("INSERT INTO sso_providers (organization_id, issuer, client_id, sealed_secret, \
             redirect_uris) VALUES ($1, $2, $3, $4, $5)")
        .with(provider.organization.as_uuid())
        .with(provider.issuer.as_str())
        .with(provider.client_id.as_str())
        .with(stored.sealed_secret.clone())
        .with(write_texts(provider.redirect_uris.iter().map(RedirectUri::as_str)));
        self.execute(insert).await.map(drop)
    }

    async fn delete_provider(&mut self, organization: OrganizationId) -> Result<(), StorageError> {
        self.execute(scoped(organization, "DELETE FROM sso_requests WHERE organization_id = $1")).await?;
        self.execute(scoped(organization, "DELETE FROM sso_providers WHERE organization_id = $1")).await.map(drop)
    }

    async fn insert_request(&mut self, request: &SsoRequest, now: Timestamp) -> Result<(), StorageError> {
        self.execute(sql("DELETE FROM sso_requests WHERE expires_at <= $1").with(now.as_micros())).await?;
        let insert = sql("INSERT INTO sso_requests (state_digest, organization_id, redirect_uri, sealed_expected, \
             link_digest, expires_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .with(request.state.0.to_vec())
        .with(request.organization.as_uuid())
        .with(request.redirect_uri.as_str())
        .with(request.sealed_expected.clone())
        .with(request.link.map(|link| link.0.to_vec()))
        .with(request.expires_at.as_micros());
        self.execute(insert).await.map(drop)
    }

    async fn take_request(&mut self, state: &SecretDigest, now: Timestamp) -> Result<Option<SsoRequest>, StorageError> {
        let take = sql("DELETE FROM sso_requests WHERE state_digest = $1 AND expires_at > $2 \
             RETURNING state_digest, organization_id, redirect_uri, sealed_expected, link_digest, expires_at")
        .with(state.0.to_vec())
        .with(now.as_micros());
        self.row::<RequestRow>(take).await?.map(SsoRequest::try_from).transpose()
    }

    async fn find_user(&mut self, identity: &ExternalIdentity) -> Result<Option<UserId>, StorageError> {
        let find = sql("SELECT user_id FROM external_identities WHERE issuer = $1 AND subject = $2")
            .with(identity.issuer.as_str())
            .with(identity.subject());
        Ok(self.row::<IdentityRow>(find).await?.map(|row| UserId::from_uuid(row.user_id)))
    }

    async fn is_known_to(&mut self, issuer: &SsoIssuer, user: UserId) -> Result<bool, StorageError> {
        let find = sql("SELECT user_id FROM external_identities WHERE issuer = $1 AND user_id = $2 LIMIT 1")
            .with(issuer.as_str())
            .with(user.as_uuid());
        Ok(self.row::<IdentityRow>(find).await?.is_some())
    }

    async fn link(&mut self, identity: &ExternalIdentity, user: UserId, now: Timestamp) -> Result<(), StorageError> {
        let insert =
            sql("INSERT INTO external_identities (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)")
                .with(identity.issuer.as_str())
                .with(identity.subject())
                .with(user.as_uuid())
                .with(now.as_micros());
        self.execute(insert).await.map(drop)
    }
}
