use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::SecretDigest;
use varco_application::storage::{SsoRequest, StorageError, StoredSsoProvider};
use varco_domain::{OrganizationId, RedirectUri, SsoClientId, SsoIssuer, SsoProvider, Timestamp};

use crate::codec::read_texts;
use crate::place::Place;

#[derive(FromQueryResult)]
pub(super) struct ProviderRow {
    organization_id: Uuid,
    issuer: String,
    client_id: String,
    sealed_secret: Vec<u8>,
    redirect_uris: String,
}

#[derive(FromQueryResult)]
pub(super) struct RequestRow {
    state_digest: Vec<u8>,
    organization_id: Uuid,
    redirect_uri: String,
    sealed_expected: Vec<u8>,
    link_digest: Option<Vec<u8>>,
    expires_at: i64,
}

#[derive(FromQueryResult)]
pub(super) struct IdentityRow {
    pub(super) user_id: Uuid,
}

impl TryFrom<ProviderRow> for StoredSsoProvider {
    type Error = StorageError;

    fn try_from(row: ProviderRow) -> Result<Self, StorageError> {
        let organization = OrganizationId::from_uuid(row.organization_id);
        let at = Place::new("sso_providers", organization);
        let uris = read_texts(&row.redirect_uris)
            .and_then(|texts| texts.iter().map(|text| RedirectUri::parse(text).ok()).collect());
        let provider = SsoProvider {
            organization,
            issuer: at.parsed("issuer", SsoIssuer::parse(&row.issuer))?,
            client_id: at.parsed("client_id", SsoClientId::parse(&row.client_id))?,
            redirect_uris: at.read("redirect_uris", uris)?,
        };
        Ok(Self { provider, sealed_secret: row.sealed_secret })
    }
}

impl TryFrom<RequestRow> for SsoRequest {
    type Error = StorageError;

    fn try_from(row: RequestRow) -> Result<Self, StorageError> {
        let organization = OrganizationId::from_uuid(row.organization_id);
        let at = Place::new("sso_requests", organization);
        let digest = |column, bytes: Vec<u8>| at.parsed(column, bytes.try_into().map(SecretDigest).map_err(drop));
        Ok(Self {
            state: digest("state_digest", row.state_digest)?,
            organization,
            redirect_uri: at.parsed("redirect_uri", RedirectUri::parse(&row.redirect_uri))?,
            sealed_expected: row.sealed_expected,
            link: row.link_digest.map(|bytes| digest("link_digest", bytes)).transpose()?,
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}
