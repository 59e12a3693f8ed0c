use varco_domain::{EventKind, OrganizationId, Unit, UnitId};

use super::UnitError;
use crate::assignments::clear_units;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// A unit to delete.
#[derive(Clone, Debug)]
pub struct DeleteUnit {
    /// The organization.
    pub organization: OrganizationId,
    /// The unit.
    pub unit: UnitId,
    /// With all below it and every assignment there.
    pub force: bool,
    /// Whether it happens.
    pub mode: Mode,
}

/// Deletes a unit. Gives how many went.
pub async fn delete_unit(env: &Environment, caller: &Caller, command: &DeleteUnit) -> Result<Written<u32>, UnitError> {
    let organization = command.organization;
    let mut write = Write::begin(env, caller).await?;
    write.lock(organization).await?.ok_or(UnitError::OrganizationNotFound)?;
    let subtree = write.work().units().subtree(organization, command.unit).await?;
    let unit = subtree.first().ok_or(UnitError::UnitNotFound)?;
    if unit.parent.is_none() {
        return Err(UnitError::Root);
    }
    let ids: Vec<UnitId> = subtree.iter().map(|unit| unit.id).collect();
    let cleared_entries = clear_units(&mut write, organization, &ids).await?;
    let is_in_use = subtree.len() > 1 || cleared_entries > 0;
    if is_in_use && !command.force {
        return Err(UnitError::InUse);
    }

    write.work().units().delete(organization, &ids).await?;
    record_deletions(&mut write, organization, &subtree);
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: u32::try_from(subtree.len()).unwrap_or(u32::MAX), revision })
}

/// Children first, so that no event leaves a unit without its parent.
fn record_deletions(write: &mut Write<'_>, organization: OrganizationId, subtree: &[Unit]) {
    for unit in subtree.iter().rev() {
        write.record(EventKind::UnitDeleted, Some(organization), &[("unit", &unit.id)], Change::deleted(unit));
    }
}
