//! Entries that go because the thing they hang on goes.

use varco_domain::{Entry, EventKind, OrganizationId, SubjectId, UnitId};

use crate::storage::{EntryChange, StorageError};
use crate::write::{Change, Write};

/// Stores changed entries and notes each change as an event of this kind.
pub(crate) async fn apply_changes(
    write: &mut Write<'_>,
    organization: OrganizationId,
    kind: EventKind,
    changes: &[EntryChange],
) -> Result<(), StorageError> {
    write.work().assignments().apply(organization, changes).await?;
    for change in changes {
        let subjects: [(&str, &dyn ToString); 2] = [("subject", &change.subject), ("unit", &change.unit)];
        let between = Change::between(change.before.as_ref(), change.after.as_ref());
        write.record(kind, Some(organization), &subjects, between);
    }
    Ok(())
}

/// Deletes every entry at these units. Gives how many there were.
pub(crate) async fn clear_units(
    write: &mut Write<'_>,
    organization: OrganizationId,
    units: &[UnitId],
) -> Result<usize, StorageError> {
    let assignments = write.work().assignments();
    let subjects = assignments.subjects_at(organization, units).await?;
    let mut changes = Vec::new();
    for (subject, entries) in assignments.of_subjects(organization, &subjects).await? {
        let gone = units.iter().filter_map(|unit| Some((*unit, entries.get(*unit)?.clone())));
        changes.extend(gone.map(|(unit, entry): (UnitId, Entry)| EntryChange {
            subject,
            unit,
            before: Some(entry),
            after: None,
        }));
    }
    changes.sort_unstable_by_key(|change| (change.subject, change.unit));
    apply_changes(write, organization, EventKind::AssignmentRevoked, &changes).await?;
    Ok(changes.len())
}

/// Deletes every entry of a subject. Gives how many there were.
pub(crate) async fn clear_subject(
    write: &mut Write<'_>,
    organization: OrganizationId,
    subject: SubjectId,
) -> Result<usize, StorageError> {
    let entries = write.work().assignments().of_subjects(organization, &[subject]).await?.remove(&subject);
    let entries = entries.unwrap_or_default();
    let gone =
        |(unit, entry): (UnitId, &Entry)| EntryChange { subject, unit, before: Some(entry.clone()), after: None };
    let changes: Vec<EntryChange> = entries.iter().map(gone).collect();
    apply_changes(write, organization, EventKind::AssignmentRevoked, &changes).await?;
    Ok(changes.len())
}
