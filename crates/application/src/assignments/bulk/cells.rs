use std::collections::{BTreeSet, HashMap};

use varco_domain::{RoleId, SubjectEntries, SubjectId, UnitId};

use super::{BulkAction, BulkAssign, BulkReport, CellOutcome};
use crate::assignments::alter::changes;
use crate::storage::{EntryChange, UnitAncestors};

/// What storage knows of the things that a bulk call names.
pub(super) struct Known {
    pub(super) subjects: BTreeSet<SubjectId>,
    pub(super) roles: BTreeSet<RoleId>,
    pub(super) tree: UnitAncestors,
    pub(super) entries: HashMap<SubjectId, SubjectEntries>,
}

/// Decides every cell, each on the state that those before it left, and says what storage must do.
pub(super) fn decide_cells(command: &BulkAssign, mut known: Known) -> (BulkReport, Vec<EntryChange>) {
    let mut outcomes = Vec::with_capacity(command.subjects.len() * command.units.len() * command.roles.len());
    let mut all_changes = Vec::new();
    for subject in &command.subjects {
        let before = known.entries.remove(subject).unwrap_or_default();
        let mut after = before.clone();
        for unit in &command.units {
            match missing(&known, *subject, *unit) {
                Some(outcome) => outcomes.extend(command.roles.iter().map(|_| outcome)),
                None => decide_place(command, &known, &mut after, *unit, &mut outcomes),
            }
        }
        all_changes.extend(changes(*subject, &before, &after));
    }
    (BulkReport { outcomes }, all_changes)
}

fn missing(known: &Known, subject: SubjectId, unit: UnitId) -> Option<CellOutcome> {
    if !known.subjects.contains(&subject) {
        return Some(CellOutcome::NoSuchSubject);
    }
    (!known.tree.contains(unit)).then_some(CellOutcome::NoSuchUnit)
}

/// Decides the cells of one subject at one unit: all its roles at once, which is the same as one by one.
fn decide_place(
    command: &BulkAssign,
    known: &Known,
    entries: &mut SubjectEntries,
    unit: UnitId,
    outcomes: &mut Vec<CellOutcome>,
) {
    let held: BTreeSet<RoleId> = entries.get(unit).map(|entry| entry.roles.clone()).unwrap_or_default();
    let wanted: BTreeSet<RoleId> = command.roles.iter().copied().filter(|role| known.roles.contains(role)).collect();
    let done = match command.action {
        BulkAction::Add => entries.grant(&known.tree, unit, &wanted),
        BulkAction::Remove => entries.revoke(&known.tree, unit, &wanted),
    };
    let adds = command.action == BulkAction::Add;
    outcomes.extend(command.roles.iter().map(|role| match () {
        () if !known.roles.contains(role) => CellOutcome::NoSuchRole,
        () if done.is_err() => CellOutcome::InheritedHere,
        () if held.contains(role) == adds => CellOutcome::Unchanged,
        () => CellOutcome::Changed,
    }));
}
