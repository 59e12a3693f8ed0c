use varco_domain::{EventKind, Label, OrganizationId, Unit, UnitId, UnitKind, Version};

use super::UnitError;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// What to change of a unit.
#[derive(Clone, Debug)]
pub struct UpdateUnit {
    /// The organization.
    pub organization: OrganizationId,
    /// The unit.
    pub unit: UnitId,
    /// As it was read.
    pub version: Version,
    /// Its new name, if it changes.
    pub name: Option<Label>,
    /// What it stands for from now on, if that changes.
    pub kind: Option<UnitKind>,
}

/// Changes a unit's name or kind.
pub async fn update_unit(env: &Environment, caller: &Caller, command: &UpdateUnit) -> Result<Written<Unit>, UnitError> {
    let organization = command.organization;
    let mut write = Write::begin(env, caller).await?;
    write.lock(organization).await?.ok_or(UnitError::OrganizationNotFound)?;
    let before = write.work().units().find(organization, command.unit).await?.ok_or(UnitError::UnitNotFound)?;
    if before.version != command.version {
        return Err(UnitError::Stale);
    }

    let mut unit = before.clone();
    unit.name = command.name.clone().unwrap_or(unit.name);
    unit.kind = command.kind.unwrap_or(unit.kind);
    if unit != before {
        write.work().units().update(&mut unit).await?;
        let change = Change::updated(&before, &unit);
        write.record(EventKind::UnitUpdated, Some(organization), &[("unit", &unit.id)], change);
    }
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value: unit, revision })
}
