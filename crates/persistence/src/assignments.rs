//! Entries.

mod apply;
mod row;

use std::collections::HashMap;

use async_trait::async_trait;
use varco_application::storage::{AssignmentRepository, EntryChange, StorageError};
use varco_domain::{OrganizationId, RoleId, SubjectEntries, SubjectId, UnitId};

use crate::batch::{Batch, Columns, Kind};
use crate::sql::scoped;
use crate::work::SeaUnitOfWork;
pub(crate) use row::read_subject;
use row::{EntryRow, collect_entries, collect_subjects};

const SUBJECTS: Columns = &[("subject_id", Kind::Uuid)];
const UNITS: Columns = &[("unit_id", Kind::Uuid)];

const OF_SUBJECTS: &str = "SELECT e.subject_id, e.subject_kind, e.unit_id, e.propagates, e.barrier, r.role_id \
    FROM given CROSS JOIN entries e LEFT JOIN entry_roles r ON r.organization_id = e.organization_id \
    AND r.subject_id = e.subject_id AND r.unit_id = e.unit_id \
    WHERE e.organization_id = $1 AND e.subject_id = given.subject_id";
const SUBJECTS_AT: &str = "SELECT e.subject_id, e.subject_kind FROM given CROSS JOIN entries e \
    WHERE e.organization_id = $1 AND e.unit_id = given.unit_id";

#[async_trait]
impl AssignmentRepository for SeaUnitOfWork {
    async fn of_subjects(
        &mut self,
        organization: OrganizationId,
        subjects: &[SubjectId],
    ) -> Result<HashMap<SubjectId, SubjectEntries>, StorageError> {
        let given = Batch::of(SUBJECTS, subjects.iter().map(SubjectId::as_uuid));
        let rows = self.batch_rows::<EntryRow>(&[organization.as_uuid().into()], given, OF_SUBJECTS).await?;
        collect_entries(rows)
    }

    async fn subjects_at(
        &mut self,
        organization: OrganizationId,
        units: &[UnitId],
    ) -> Result<Vec<SubjectId>, StorageError> {
        let given = Batch::of(UNITS, units.iter().map(UnitId::as_uuid));
        collect_subjects(self.batch_rows(&[organization.as_uuid().into()], given, SUBJECTS_AT).await?)
    }

    async fn holders(&mut self, organization: OrganizationId, role: RoleId) -> Result<Vec<SubjectId>, StorageError> {
        let text = "SELECT DISTINCT e.subject_id, e.subject_kind FROM entry_roles r \
            JOIN entries e ON e.organization_id = r.organization_id \
            AND e.subject_id = r.subject_id AND e.unit_id = r.unit_id \
            WHERE r.organization_id = $1 AND r.role_id = $2";
        collect_subjects(self.rows(scoped(organization, text).with(role.as_uuid())).await?)
    }

    async fn apply(&mut self, organization: OrganizationId, changes: &[EntryChange]) -> Result<(), StorageError> {
        self.apply_changes(organization, changes).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::assert_batch_indexed;

    #[tokio::test]
    async fn no_entry_is_read_but_those_asked_for() {
        assert_batch_indexed(SUBJECTS, OF_SUBJECTS).await;
        assert_batch_indexed(UNITS, SUBJECTS_AT).await;
    }
}
