use varco_domain::OrganizationId;

use super::{LicenseError, Pools, pools};
use crate::Environment;

/// Gives both pools of an organization.
pub async fn find_licenses(env: &Environment, organization: OrganizationId) -> Result<Pools, LicenseError> {
    let mut work = env.store.begin_read().await?;
    let found = work.organizations().find(organization).await?.ok_or(LicenseError::OrganizationNotFound)?;
    Ok(pools(&found))
}
