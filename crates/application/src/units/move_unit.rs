use varco_domain::{EventKind, MAX_UNIT_DEPTH, OrganizationId, Unit, UnitId};

use super::UnitError;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// A move to make.
#[derive(Clone, Debug)]
pub struct MoveUnit {
    /// The organization.
    pub organization: OrganizationId,
    /// What moves, with all below it.
    pub unit: UnitId,
    /// Where to.
    pub parent: UnitId,
    /// Whether it happens.
    pub mode: Mode,
}

/// Moves a unit with all below it under another parent.
pub async fn move_unit(env: &Environment, caller: &Caller, command: &MoveUnit) -> Result<Written<Unit>, UnitError> {
    let organization = command.organization;
    let mut write = Write::begin(env, caller).await?;
    write.lock(organization).await?.ok_or(UnitError::OrganizationNotFound)?;
    let before = write.work().units().find(organization, command.unit).await?.ok_or(UnitError::UnitNotFound)?;
    let parent = write.work().units().find(organization, command.parent).await?.ok_or(UnitError::UnitNotFound)?;

    let mut unit = before.clone();
    if before.parent != Some(parent.id) {
        let below = write.work().units().subtree(organization, unit.id).await?;
        unit.parent = Some(parent.id);
        unit.depth = depth_after_move(&below, &before, &parent)?;
        let depth_change = i32::try_from(unit.depth).unwrap_or(0) - i32::try_from(before.depth).unwrap_or(0);
        let below: Vec<UnitId> = below.iter().map(|unit| unit.id).filter(|id| *id != unit.id).collect();
        write.work().units().update(&mut unit).await?;
        write.work().units().shift_depth(organization, &below, depth_change).await?;
        let change = Change::updated(&before, &unit);
        write.record(EventKind::UnitMoved, Some(organization), &[("unit", &unit.id)], change);
    }
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: unit, revision })
}

/// The depth of the moved unit, if the tree can take it there with all below it. The root can go
/// nowhere: everything is below it.
fn depth_after_move(subtree: &[Unit], unit: &Unit, parent: &Unit) -> Result<u32, UnitError> {
    if subtree.iter().any(|below| below.id == parent.id) {
        return Err(UnitError::Cycle);
    }
    let deepest = subtree.iter().map(|below| below.depth).max().unwrap_or(unit.depth);
    let height = deepest - unit.depth;
    let depth = parent.depth + 1;
    if depth + height > MAX_UNIT_DEPTH {
        return Err(UnitError::TooDeep);
    }
    Ok(depth)
}
