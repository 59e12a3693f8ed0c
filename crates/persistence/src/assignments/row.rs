use std::collections::{BTreeMap, HashMap};

use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::storage::StorageError;
use varco_domain::{Entry, RoleId, ServiceAccountId, SubjectEntries, SubjectId, UnitId, UserId};

use crate::place::Place;

/// One role of an entry; an entry without roles has one such row.
#[derive(FromQueryResult)]
pub(super) struct EntryRow {
    subject_id: Uuid,
    subject_kind: String,
    unit_id: Uuid,
    propagates: bool,
    barrier: bool,
    role_id: Option<Uuid>,
}

#[derive(FromQueryResult)]
pub(super) struct SubjectRow {
    subject_id: Uuid,
    subject_kind: String,
}

/// The word for a subject's kind.
pub(crate) const fn subject_kind(subject: SubjectId) -> &'static str {
    match subject {
        SubjectId::User(_) => "user",
        SubjectId::ServiceAccount(_) => "service_account",
    }
}

/// Reads what `subject_kind` wrote.
pub(crate) fn read_subject(id: Uuid, kind: &str) -> Result<SubjectId, StorageError> {
    let subject = match kind {
        "user" => Some(SubjectId::User(UserId::from_uuid(id))),
        "service_account" => Some(SubjectId::ServiceAccount(ServiceAccountId::from_uuid(id))),
        _ => None,
    };
    Place::new("entries", id).read("subject_kind", subject)
}

/// Puts rows together by subject and unit.
pub(super) fn collect_entries(rows: Vec<EntryRow>) -> Result<HashMap<SubjectId, SubjectEntries>, StorageError> {
    let mut subjects: HashMap<SubjectId, BTreeMap<UnitId, Entry>> = HashMap::new();
    for row in rows {
        let subject = read_subject(row.subject_id, &row.subject_kind)?;
        let entry = subjects.entry(subject).or_default().entry(UnitId::from_uuid(row.unit_id)).or_default();
        entry.propagates = row.propagates;
        entry.barrier = row.barrier;
        entry.roles.extend(row.role_id.map(RoleId::from_uuid));
    }
    Ok(subjects.into_iter().map(|(subject, entries)| (subject, SubjectEntries::new(entries))).collect())
}

/// Sorted, each once.
pub(super) fn collect_subjects(rows: Vec<SubjectRow>) -> Result<Vec<SubjectId>, StorageError> {
    let read = rows.into_iter().map(|row| read_subject(row.subject_id, &row.subject_kind));
    let mut subjects = read.collect::<Result<Vec<_>, _>>()?;
    subjects.sort_unstable();
    subjects.dedup();
    Ok(subjects)
}
