use std::collections::BTreeSet;

use varco_decision::Cell;
use varco_domain::{AssignmentRefused, EventKind, InheritanceMode, RoleId, SubjectEntries, SubjectId, UnitId};

use super::clear::apply_changes;
use super::place::{cell, existing_subjects, require_roles};
use super::{AssignmentError, Place};
use crate::storage::{EntryChange, UnitAncestors};
use crate::write::Write;
use crate::{Caller, Environment, Mode, Written};

/// What may happen to the entries of one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alteration {
    /// Adds roles.
    Grant(BTreeSet<RoleId>),
    /// Removes roles.
    Revoke(BTreeSet<RoleId>),
    /// Passes the roles on to the units below.
    EnableInheritance(InheritanceMode),
    /// Stops passing them on.
    DisableInheritance,
    /// Turns inherited roles into direct ones.
    BreakInheritance,
}

impl Alteration {
    fn roles(&self) -> Option<&BTreeSet<RoleId>> {
        match self {
            Self::Grant(roles) | Self::Revoke(roles) => Some(roles),
            Self::EnableInheritance(_) | Self::DisableInheritance | Self::BreakInheritance => None,
        }
    }

    const fn event_kind(&self) -> EventKind {
        match self {
            Self::Grant(_) => EventKind::AssignmentGranted,
            Self::Revoke(_) => EventKind::AssignmentRevoked,
            Self::EnableInheritance(_) => EventKind::InheritanceEnabled,
            Self::DisableInheritance => EventKind::InheritanceDisabled,
            Self::BreakInheritance => EventKind::InheritanceBroken,
        }
    }

    fn apply(&self, entries: &mut SubjectEntries, tree: &UnitAncestors, unit: UnitId) -> Result<(), AssignmentRefused> {
        match self {
            Self::Grant(roles) => entries.grant(tree, unit, roles),
            Self::Revoke(roles) => entries.revoke(tree, unit, roles),
            Self::EnableInheritance(mode) => entries.enable(tree, unit, *mode),
            Self::DisableInheritance => entries.disable(unit),
            Self::BreakInheritance => entries.break_inheritance(tree, unit),
        }
    }
}

/// Alters what a subject holds at a unit. Gives what it holds there then.
pub async fn alter_assignment(
    env: &Environment,
    caller: &Caller,
    place: &Place,
    alteration: &Alteration,
    mode: Mode,
) -> Result<Written<Cell>, AssignmentError> {
    let organization = place.organization;
    let mut write = Write::begin(env, caller).await?;
    write.lock(organization).await?.ok_or(AssignmentError::OrganizationNotFound)?;
    let before = entries_of(&mut write, place).await?;
    let tree = tree_around(&mut write, place, &before).await?;
    if let Some(roles) = alteration.roles() {
        require_roles(write.work(), organization, roles).await?;
    }

    let mut after = before.clone();
    alteration.apply(&mut after, &tree, place.unit)?;
    let changes = changes(place.subject, &before, &after);
    let (here, below): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| change.unit == place.unit);
    apply_changes(&mut write, organization, alteration.event_kind(), &here).await?;
    apply_changes(&mut write, organization, EventKind::AssignmentReplaced, &below).await?;
    let revision = write.finish(mode).await?;
    Ok(Written { value: cell(&after, &tree, place), revision })
}

async fn entries_of(write: &mut Write<'_>, place: &Place) -> Result<SubjectEntries, AssignmentError> {
    let subjects = [place.subject];
    if existing_subjects(write.work(), place.organization, &subjects).await?.is_empty() {
        return Err(AssignmentError::SubjectNotFound);
    }
    let mut entries = write.work().assignments().of_subjects(place.organization, &subjects).await?;
    Ok(entries.remove(&place.subject).unwrap_or_default())
}

/// The part of the tree above the unit and above every entry, which tells what lies below what.
async fn tree_around(
    write: &mut Write<'_>,
    place: &Place,
    entries: &SubjectEntries,
) -> Result<UnitAncestors, AssignmentError> {
    let units: Vec<UnitId> = entries.iter().map(|(unit, _)| unit).chain([place.unit]).collect();
    let tree = write.work().units().ancestors(place.organization, &units).await?;
    if tree.contains(place.unit) { Ok(tree) } else { Err(AssignmentError::UnitNotFound) }
}

/// What storage must do to get from one state of a subject's entries to another.
pub(super) fn changes(subject: SubjectId, before: &SubjectEntries, after: &SubjectEntries) -> Vec<EntryChange> {
    let changed = after.changes_since(before).into_iter();
    changed
        .map(|(unit, before, after)| EntryChange { subject, unit, before: before.cloned(), after: after.cloned() })
        .collect()
}
