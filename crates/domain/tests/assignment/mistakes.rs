//! Operations with a wrong rule, each with the property that it breaks.

use std::collections::BTreeMap;

use varco_domain::{AssignmentRefused, Entry, InheritanceMode, SubjectEntries, UnitId};

use crate::effective::Tree;
use crate::scene::{Operate, Operation, operate};

pub(crate) const ALL: [(Operate, &str); 10] = [
    (grants_although_inherited, "grant takes nothing"),
    (grants_to_all_below, "grant is here alone"),
    (revokes_nothing, "revoke revokes"),
    (drops_what_is_left_empty, "revoke gives nothing"),
    (replaces_nothing, "replace equals"),
    (keeps_barriers, "keep leaves none without"),
    (replaces_where_it_should_keep, "keep keeps"),
    (disables_without_barrier, "disable gives nothing"),
    (breaks_without_barrier, "break cuts off"),
    (changes_before_it_refuses, "a refused operation changes nothing"),
];

type Outcome = Result<(), AssignmentRefused>;

/// Changes the entries as a plain map.
fn edit(entries: &mut SubjectEntries, change: impl FnOnce(&mut BTreeMap<UnitId, Entry>)) {
    let mut map = entries.iter().map(|(unit, entry)| (unit, entry.clone())).collect();
    change(&mut map);
    *entries = SubjectEntries::new(map);
}

fn grants_although_inherited(
    entries: &mut SubjectEntries,
    tree: &Tree,
    unit: UnitId,
    operation: &Operation,
) -> Outcome {
    match (operation, operate(entries, tree, unit, operation)) {
        (Operation::Grant(roles), Err(AssignmentRefused::InheritedHere)) => {
            edit(entries, |map| map.entry(unit).or_default().roles.extend(roles));
            Ok(())
        }
        (_, outcome) => outcome,
    }
}

fn grants_to_all_below(entries: &mut SubjectEntries, tree: &Tree, unit: UnitId, operation: &Operation) -> Outcome {
    operate(entries, tree, unit, operation)?;
    if let Operation::Grant(roles) = operation {
        let below = tree.units().filter(|other| tree.is_below(*other, unit));
        edit(entries, |map| {
            for unit in below {
                if let Some(entry) = map.get_mut(&unit) {
                    entry.roles.extend(roles);
                }
            }
        });
    }
    Ok(())
}

fn revokes_nothing(entries: &mut SubjectEntries, tree: &Tree, unit: UnitId, operation: &Operation) -> Outcome {
    let before = entries.clone();
    operate(entries, tree, unit, operation)?;
    if matches!(operation, Operation::Revoke(_)) {
        *entries = before;
    }
    Ok(())
}

fn drops_what_is_left_empty(entries: &mut SubjectEntries, tree: &Tree, unit: UnitId, operation: &Operation) -> Outcome {
    operate(entries, tree, unit, operation)?;
    if matches!(operation, Operation::Revoke(_)) {
        edit(entries, |map| map.retain(|_, entry| !entry.roles.is_empty()));
    }
    Ok(())
}

fn replaces_nothing(entries: &mut SubjectEntries, tree: &Tree, unit: UnitId, operation: &Operation) -> Outcome {
    match operation {
        Operation::Enable(InheritanceMode::Replace) => entries.enable(tree, unit, InheritanceMode::Keep),
        operation => operate(entries, tree, unit, operation),
    }
}

fn keeps_barriers(entries: &mut SubjectEntries, tree: &Tree, unit: UnitId, operation: &Operation) -> Outcome {
    let before = entries.clone();
    operate(entries, tree, unit, operation)?;
    if matches!(operation, Operation::Enable(InheritanceMode::Keep)) {
        let barriers = before.iter().filter(|(other, entry)| *other != unit && entry.barrier);
        edit(entries, |map| map.extend(barriers.map(|(unit, entry)| (unit, entry.clone()))));
    }
    Ok(())
}

fn replaces_where_it_should_keep(
    entries: &mut SubjectEntries,
    tree: &Tree,
    unit: UnitId,
    operation: &Operation,
) -> Outcome {
    match operation {
        Operation::Enable(InheritanceMode::Keep) => entries.enable(tree, unit, InheritanceMode::Replace),
        operation => operate(entries, tree, unit, operation),
    }
}

/// Lets an operation leave no barrier at its unit.
fn without_barrier(entries: &mut SubjectEntries, unit: UnitId) {
    edit(entries, |map| {
        if let Some(entry) = map.get_mut(&unit) {
            entry.barrier = false;
        }
    });
}

fn disables_without_barrier(entries: &mut SubjectEntries, tree: &Tree, unit: UnitId, operation: &Operation) -> Outcome {
    operate(entries, tree, unit, operation)?;
    if matches!(operation, Operation::Disable) {
        without_barrier(entries, unit);
    }
    Ok(())
}

fn breaks_without_barrier(entries: &mut SubjectEntries, tree: &Tree, unit: UnitId, operation: &Operation) -> Outcome {
    operate(entries, tree, unit, operation)?;
    if matches!(operation, Operation::Break) {
        without_barrier(entries, unit);
    }
    Ok(())
}

fn changes_before_it_refuses(
    entries: &mut SubjectEntries,
    tree: &Tree,
    unit: UnitId,
    operation: &Operation,
) -> Outcome {
    let outcome = operate(entries, tree, unit, operation);
    if outcome.is_err() {
        edit(entries, |map| drop(map.remove(&unit)));
    }
    outcome
}
