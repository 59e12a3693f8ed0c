use varco_domain::{EventKind, OrganizationId, Revision, SsoProvider};

use super::seal::seal_secret;
use crate::storage::{StorageError, StoredSsoProvider};
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, PlainSecret, Written};

/// A provider for an organization.
#[derive(Clone, Debug)]
pub struct SetSsoProvider {
    /// The provider.
    pub provider: SsoProvider,
    /// Our secret there; `None` for the one that is stored.
    pub secret: Option<PlainSecret>,
    /// Whether it happens.
    pub mode: Mode,
}

/// A provider to remove.
#[derive(Clone, Debug)]
pub struct RemoveSsoProvider {
    /// Whose.
    pub organization: OrganizationId,
    /// Whether it happens.
    pub mode: Mode,
}

/// Why something about a provider did not happen.
#[derive(Debug, thiserror::Error)]
pub enum SsoProviderError {
    /// No such organization.
    #[error("no such organization")]
    OrganizationNotFound,
    /// The organization has no provider.
    #[error("no provider of single sign-on")]
    ProviderNotFound,
    /// A secret is stored for another provider or client, or none at all.
    #[error("must be given for a new provider, issuer or client id")]
    SecretMissing,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Gives an organization a provider, in place of the one it has.
pub async fn set_sso_provider(
    env: &Environment,
    caller: &Caller,
    command: &SetSsoProvider,
) -> Result<Written<SsoProvider>, SsoProviderError> {
    let provider = &command.provider;
    let id = provider.organization;
    let mut write = Write::begin(env, caller).await?;
    write.lock(id).await?.ok_or(SsoProviderError::OrganizationNotFound)?;
    let before = write.work().sso().find_provider(id).await?;
    let sealed_secret = match (&command.secret, &before) {
        (Some(secret), _) => seal_secret(env, id, secret),
        (None, Some(before)) if is_same_client(&before.provider, provider) => before.sealed_secret.clone(),
        (None, _) => return Err(SsoProviderError::SecretMissing),
    };
    let after = StoredSsoProvider { provider: provider.clone(), sealed_secret };
    if before.as_ref() != Some(&after) {
        write.work().sso().set_provider(&after).await?;
        let change = Change::between(before.as_ref().map(|before| &before.provider), Some(provider));
        write.record(EventKind::SsoProviderSet, Some(id), &[("organization", &id)], change);
    }
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: after.provider, revision })
}

/// A stored secret goes to nobody but whom it was given for: else whoever may set a provider could have
/// it sent to a server of his own.
fn is_same_client(before: &SsoProvider, after: &SsoProvider) -> bool {
    before.issuer == after.issuer && before.client_id == after.client_id
}

/// Gives the provider of an organization, without its secret.
pub async fn find_sso_provider(env: &Environment, id: OrganizationId) -> Result<SsoProvider, SsoProviderError> {
    let mut work = env.store.begin_read().await?;
    work.organizations().find(id).await?.ok_or(SsoProviderError::OrganizationNotFound)?;
    let stored = work.sso().find_provider(id).await?.ok_or(SsoProviderError::ProviderNotFound)?;
    Ok(stored.provider)
}

/// Takes the provider from an organization. Who is linked to an account stays linked, should the provider
/// come back.
pub async fn remove_sso_provider(
    env: &Environment,
    caller: &Caller,
    command: &RemoveSsoProvider,
) -> Result<Revision, SsoProviderError> {
    let id = command.organization;
    let mut write = Write::begin(env, caller).await?;
    write.lock(id).await?.ok_or(SsoProviderError::OrganizationNotFound)?;
    let before = write.work().sso().find_provider(id).await?.ok_or(SsoProviderError::ProviderNotFound)?;
    write.work().sso().delete_provider(id).await?;
    let change = Change::deleted(&before.provider);
    write.record(EventKind::SsoProviderRemoved, Some(id), &[("organization", &id)], change);
    Ok(write.finish(command.mode).await?)
}
