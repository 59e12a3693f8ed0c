use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::storage::StorageError;
use varco_domain::{Label, OrganizationId, Timestamp, Unit, UnitId, UnitKind, Version};

use crate::place::Place;

/// Units of the organization `$1`.
pub(super) const SELECT: &str = "SELECT organization_id, id, parent_id, name, kind, depth, created_at, version \
    FROM units WHERE organization_id = $1";

#[derive(FromQueryResult)]
pub(super) struct UnitRow {
    organization_id: Uuid,
    id: Uuid,
    parent_id: Option<Uuid>,
    name: String,
    kind: String,
    depth: i64,
    created_at: i64,
    version: i64,
}

/// A unit and the one above.
#[derive(FromQueryResult)]
pub(super) struct LinkRow {
    id: Uuid,
    parent_id: Option<Uuid>,
}

impl LinkRow {
    pub(super) fn into_ids(self) -> (UnitId, Option<UnitId>) {
        (UnitId::from_uuid(self.id), self.parent_id.map(UnitId::from_uuid))
    }
}

impl TryFrom<UnitRow> for Unit {
    type Error = StorageError;

    fn try_from(row: UnitRow) -> Result<Self, StorageError> {
        let id = UnitId::from_uuid(row.id);
        let at = Place::new("units", id);
        Ok(Self {
            id,
            organization: OrganizationId::from_uuid(row.organization_id),
            parent: row.parent_id.map(UnitId::from_uuid),
            name: at.parsed("name", Label::parse(&row.name))?,
            kind: at.read("kind", UnitKind::parse(&row.kind))?,
            depth: at.parsed("depth", row.depth.try_into())?,
            created_at: Timestamp::from_micros(row.created_at),
            version: Version::new(row.version),
        })
    }
}
