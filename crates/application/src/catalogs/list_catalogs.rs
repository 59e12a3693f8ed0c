use varco_domain::{Catalog, CatalogKey};

use super::CatalogError;
use crate::Environment;
use crate::storage::Page;

/// Gives one catalog whole.
pub async fn find_catalog(env: &Environment, key: &CatalogKey) -> Result<Catalog, CatalogError> {
    let mut work = env.store.begin_read().await?;
    work.catalogs().find(key).await?.ok_or(CatalogError::CatalogNotFound)
}

/// Lists catalogs by key, without their permissions and roles.
pub async fn list_catalogs(
    env: &Environment,
    after: Option<&CatalogKey>,
    limit: usize,
) -> Result<Page<Catalog>, CatalogError> {
    let mut work = env.store.begin_read().await?;
    Ok(work.catalogs().list(after, limit).await?)
}
