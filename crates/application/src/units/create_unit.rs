use varco_domain::{EventKind, Label, MAX_UNIT_DEPTH, OrganizationId, Unit, UnitId, UnitKind, Version};

use super::UnitError;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Once, Outcome};

/// A unit to create.
#[derive(Clone, Debug)]
pub struct CreateUnit {
    /// The organization.
    pub organization: OrganizationId,
    /// The unit above.
    pub parent: UnitId,
    /// Its name.
    pub name: Label,
    /// What it stands for.
    pub kind: UnitKind,
    /// Whether it happens.
    pub mode: Mode,
}

/// Creates a unit below another.
pub async fn create_unit(
    env: &Environment,
    caller: &Caller,
    command: &CreateUnit,
    once: Option<&Once<'_, Unit>>,
) -> Result<Outcome<Unit>, UnitError> {
    let organization = command.organization;
    let mut write = Write::begin(env, caller).await?;
    write.lock(organization).await?.ok_or(UnitError::OrganizationNotFound)?;
    if let Some(answer) = write.repeated(once).await?? {
        return Ok(Outcome::Repeated(answer));
    }

    let parent = write.work().units().find(organization, command.parent).await?.ok_or(UnitError::UnitNotFound)?;
    if parent.depth >= MAX_UNIT_DEPTH {
        return Err(UnitError::TooDeep);
    }
    let unit = Unit {
        id: env.new_id(),
        organization,
        parent: Some(parent.id),
        name: command.name.clone(),
        kind: command.kind,
        depth: parent.depth + 1,
        created_at: write.now(),
        version: Version::FIRST,
    };
    write.work().units().insert(&unit).await?;
    write.record(EventKind::UnitCreated, Some(organization), &[("unit", &unit.id)], Change::created(&unit));
    Ok(write.finish_once(command.mode, unit, once).await?)
}
