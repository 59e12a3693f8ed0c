use varco_domain::{OrganizationId, Unit, UnitId};

use super::UnitError;
use crate::Environment;
use crate::storage::{Page, UnitQuery, UnitScope};

/// Units to list.
#[derive(Clone, Debug)]
pub struct ListUnits {
    /// The organization.
    pub organization: OrganizationId,
    /// Which, and from where.
    pub query: UnitQuery,
    /// Whether to count all that match.
    pub with_total: bool,
}

/// One page of units.
#[derive(Clone, Debug)]
pub struct UnitPage {
    /// The page.
    pub page: Page<Unit>,
    /// How many match in all, if asked for.
    pub total: Option<u64>,
}

/// Gives one unit.
pub async fn find_unit(env: &Environment, organization: OrganizationId, id: UnitId) -> Result<Unit, UnitError> {
    let mut work = env.store.begin_read().await?;
    work.organizations().find(organization).await?.ok_or(UnitError::OrganizationNotFound)?;
    work.units().find(organization, id).await?.ok_or(UnitError::UnitNotFound)
}

/// Lists units.
pub async fn list_units(env: &Environment, command: &ListUnits) -> Result<UnitPage, UnitError> {
    let organization = command.organization;
    let mut work = env.store.begin_read().await?;
    work.organizations().find(organization).await?.ok_or(UnitError::OrganizationNotFound)?;
    match command.query.scope {
        UnitScope::Whole => (),
        UnitScope::Children(unit) | UnitScope::Subtree(unit) => {
            work.units().find(organization, unit).await?.ok_or(UnitError::UnitNotFound)?;
        }
    }
    let page = work.units().list(organization, &command.query).await?;
    let total = if command.with_total { Some(work.units().count(organization, &command.query).await?) } else { None };
    Ok(UnitPage { page, total })
}
