use std::collections::BTreeSet;

use varco_application::storage::{EntryChange, StorageError};
use varco_domain::{Entry, OrganizationId, RoleId};

use super::row::subject_kind;
use crate::batch::{Batch, Columns, Kind};
use crate::work::SeaUnitOfWork;

const ENTRIES: Columns = &[
    ("subject_id", Kind::Uuid),
    ("unit_id", Kind::Uuid),
    ("subject_kind", Kind::Text),
    ("propagates", Kind::Flag),
    ("barrier", Kind::Flag),
];
const PLACES: Columns = &[("subject_id", Kind::Uuid), ("unit_id", Kind::Uuid)];
const ROLES: Columns = &[("subject_id", Kind::Uuid), ("unit_id", Kind::Uuid), ("role_id", Kind::Uuid)];

const DELETE_ROLES: &str = "DELETE FROM entry_roles WHERE organization_id = $1 \
    AND (subject_id, unit_id, role_id) IN (SELECT subject_id, unit_id, role_id FROM given)";
const DELETE_ENTRIES: &str = "DELETE FROM entries WHERE organization_id = $1 \
    AND (subject_id, unit_id) IN (SELECT subject_id, unit_id FROM given)";
// `WHERE TRUE` lets SQLite tell the conflict clause from a join.
const PUT_ENTRIES: &str = "INSERT INTO entries \
    (organization_id, subject_id, unit_id, subject_kind, propagates, barrier) \
    SELECT $1, subject_id, unit_id, subject_kind, propagates, barrier FROM given WHERE TRUE \
    ON CONFLICT (organization_id, subject_id, unit_id) \
    DO UPDATE SET propagates = excluded.propagates, barrier = excluded.barrier";
const INSERT_ROLES: &str = "INSERT INTO entry_roles (organization_id, subject_id, unit_id, role_id) \
    SELECT $1, subject_id, unit_id, role_id FROM given";

/// What a set of changes comes to, table by table.
struct Changes {
    deleted_roles: Batch,
    deleted_entries: Batch,
    put_entries: Batch,
    inserted_roles: Batch,
}

impl Changes {
    fn of(changes: &[EntryChange]) -> Self {
        let mut sorted = Self {
            deleted_roles: Batch::new(ROLES),
            deleted_entries: Batch::new(PLACES),
            put_entries: Batch::new(ENTRIES),
            inserted_roles: Batch::new(ROLES),
        };
        for change in changes {
            sorted.add_entry(change);
            sorted.add_roles(change);
        }
        sorted
    }

    fn add_entry(&mut self, change: &EntryChange) {
        let (subject, unit) = (change.subject.as_uuid().into(), change.unit.as_uuid().into());
        match (&change.before, &change.after) {
            (Some(_), None) => self.deleted_entries.push([subject, unit]),
            (before, Some(after)) if !is_same_but_roles(before.as_ref(), after) => {
                let kind = subject_kind(change.subject).into();
                self.put_entries.push([subject, unit, kind, after.propagates.into(), after.barrier.into()]);
            }
            (None, None) | (_, Some(_)) => (),
        }
    }

    fn add_roles(&mut self, change: &EntryChange) {
        let none = BTreeSet::new();
        let roles = |entry: Option<&Entry>| -> BTreeSet<RoleId> { entry.map_or(&none, |entry| &entry.roles).clone() };
        let (before, after) = (roles(change.before.as_ref()), roles(change.after.as_ref()));
        let row = |role: &RoleId| [change.subject.as_uuid(), change.unit.as_uuid(), role.as_uuid()].map(Into::into);
        before.difference(&after).for_each(|role| self.deleted_roles.push(row(role)));
        after.difference(&before).for_each(|role| self.inserted_roles.push(row(role)));
    }
}

fn is_same_but_roles(before: Option<&Entry>, after: &Entry) -> bool {
    before.is_some_and(|before| before.propagates == after.propagates && before.barrier == after.barrier)
}

impl SeaUnitOfWork {
    pub(super) async fn apply_changes(
        &self,
        organization: OrganizationId,
        changes: &[EntryChange],
    ) -> Result<(), StorageError> {
        let changes = Changes::of(changes);
        let fixed = [organization.as_uuid().into()];
        // Roles go before their entries and come after them.
        self.execute_batch(&fixed, changes.deleted_roles, DELETE_ROLES).await?;
        self.execute_batch(&fixed, changes.deleted_entries, DELETE_ENTRIES).await?;
        self.execute_batch(&fixed, changes.put_entries, PUT_ENTRIES).await?;
        self.execute_batch(&fixed, changes.inserted_roles, INSERT_ROLES).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::assert_batch_indexed;

    #[tokio::test]
    async fn no_change_reads_what_it_does_not_touch() {
        for (columns, text) in [(ROLES, DELETE_ROLES), (PLACES, DELETE_ENTRIES)] {
            assert_batch_indexed(columns, text).await;
        }
    }
}
