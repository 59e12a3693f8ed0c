use std::collections::HashMap;

use async_trait::async_trait;
use varco_domain::{Entry, OrganizationId, RoleId, SubjectEntries, SubjectId, UnitId};

use super::StorageError;

/// An entry as it shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryChange {
    /// Whose.
    pub subject: SubjectId,
    /// Where.
    pub unit: UnitId,
    /// As it is now; `None` if there is none.
    pub before: Option<Entry>,
    /// As it shall be; `None` deletes it.
    pub after: Option<Entry>,
}

/// Entries. The organization must be locked for every write.
#[async_trait]
pub trait AssignmentRepository: Send {
    /// All entries of these subjects; subjects without entries are left out.
    async fn of_subjects(
        &mut self,
        organization: OrganizationId,
        subjects: &[SubjectId],
    ) -> Result<HashMap<SubjectId, SubjectEntries>, StorageError>;

    /// Says who has an entry at any of these units, sorted.
    async fn subjects_at(
        &mut self,
        organization: OrganizationId,
        units: &[UnitId],
    ) -> Result<Vec<SubjectId>, StorageError>;

    /// Says who has an entry with this role, sorted.
    async fn holders(&mut self, organization: OrganizationId, role: RoleId) -> Result<Vec<SubjectId>, StorageError>;

    /// Stores entries as they shall be, set by set, whatever their number.
    async fn apply(&mut self, organization: OrganizationId, changes: &[EntryChange]) -> Result<(), StorageError>;
}
