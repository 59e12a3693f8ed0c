use std::iter::Peekable;

use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::decision::Fact;
use varco_application::storage::StorageError;
use varco_domain::{Entry, OrganizationId, RoleId, UnitId};

use super::Sink;
use super::pages::PAGE;
use crate::assignments::read_subject;
use crate::sql::{Sql, count, sql};
use crate::work::SeaUnitOfWork;

/// Where an entry stands, in the order of the primary keys of both tables.
type EntryKey = (Uuid, Uuid, Uuid);

#[derive(FromQueryResult)]
struct EntryRow {
    organization_id: Uuid,
    subject_id: Uuid,
    unit_id: Uuid,
    subject_kind: String,
    propagates: bool,
    barrier: bool,
}

#[expect(clippy::struct_field_names, reason = "fields are called as their columns")]
#[derive(FromQueryResult)]
struct EntryRoleRow {
    organization_id: Uuid,
    subject_id: Uuid,
    unit_id: Uuid,
    role_id: Uuid,
}

impl EntryRow {
    fn key(&self) -> EntryKey {
        (self.organization_id, self.subject_id, self.unit_id)
    }

    fn into_fact(self, roles: impl Iterator<Item = RoleId>) -> Result<Fact, StorageError> {
        Ok(Fact::Entry {
            organization: OrganizationId::from_uuid(self.organization_id),
            subject: read_subject(self.subject_id, &self.subject_kind)?,
            unit: UnitId::from_uuid(self.unit_id),
            entry: Entry { roles: roles.collect(), propagates: self.propagates, barrier: self.barrier },
        })
    }
}

impl EntryRoleRow {
    fn key(&self) -> EntryKey {
        (self.organization_id, self.subject_id, self.unit_id)
    }
}

impl SeaUnitOfWork {
    /// Gives every entry with its roles: a page of entries, then the roles of the same range of keys,
    /// each a plain walk along a primary key, merged here.
    pub(super) async fn entry_facts(&self, sink: Sink<'_>) -> Result<(), StorageError> {
        let mut after = (Uuid::nil(), Uuid::nil(), Uuid::nil());
        loop {
            let entries = self.entries_after(after).await?;
            let Some(last) = entries.last().map(EntryRow::key) else { return Ok(()) };
            let is_last = entries.len() < PAGE;
            let mut roles = self.entry_roles_within(after, last).await?.into_iter().peekable();
            for entry in entries {
                let key = entry.key();
                sink(entry.into_fact(roles_at(&mut roles, key))?);
            }
            if is_last {
                return Ok(());
            }
            after = last;
        }
    }

    async fn entries_after(&self, after: EntryKey) -> Result<Vec<EntryRow>, StorageError> {
        let mut page = sql("SELECT organization_id, subject_id, unit_id, subject_kind, propagates, barrier \
             FROM entries WHERE (organization_id, subject_id, unit_id) > ");
        bind_key(&mut page, after);
        page.push(" ORDER BY organization_id, subject_id, unit_id LIMIT ").bind(count(PAGE));
        self.rows(page).await
    }

    async fn entry_roles_within(&self, after: EntryKey, last: EntryKey) -> Result<Vec<EntryRoleRow>, StorageError> {
        let mut page = sql("SELECT organization_id, subject_id, unit_id, role_id \
             FROM entry_roles WHERE (organization_id, subject_id, unit_id) > ");
        bind_key(&mut page, after);
        page.push(" AND (organization_id, subject_id, unit_id) <= ");
        bind_key(&mut page, last);
        page.push(" ORDER BY organization_id, subject_id, unit_id");
        self.rows(page).await
    }
}

fn bind_key(sql: &mut Sql, (organization, subject, unit): EntryKey) {
    sql.push("(").bind(organization).push(", ").bind(subject).push(", ").bind(unit).push(")");
}

/// Takes the roles that stand at a key from where the walk has come to.
fn roles_at(roles: &mut Peekable<impl Iterator<Item = EntryRoleRow>>, key: EntryKey) -> impl Iterator<Item = RoleId> {
    std::iter::from_fn(move || roles.next_if(|role| role.key() == key)).map(|role| RoleId::from_uuid(role.role_id))
}
