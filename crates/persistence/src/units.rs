//! Units.

mod list;
mod row;
mod terms;

use async_trait::async_trait;
use varco_application::storage::{Page, StorageError, UnitAncestors, UnitQuery, UnitRepository};
use varco_domain::{OrganizationId, Unit, UnitId};

use crate::batch::{Batch, Columns, Kind};
use crate::sql::{scoped, sql};
use crate::total::TotalRow;
use crate::work::SeaUnitOfWork;
use row::{LinkRow, SELECT, UnitRow};

const IDS: Columns = &[("id", Kind::Uuid)];

const ANCESTORS: &str = ", up(id, parent_id) AS ( \
    SELECT u.id, u.parent_id FROM given CROSS JOIN units u WHERE u.organization_id = $1 AND u.id = given.id \
    UNION SELECT u.id, u.parent_id FROM up CROSS JOIN units u WHERE u.organization_id = $1 AND u.id = up.parent_id) \
    SELECT id, parent_id FROM up";

#[async_trait]
impl UnitRepository for SeaUnitOfWork {
    async fn find(&mut self, organization: OrganizationId, id: UnitId) -> Result<Option<Unit>, StorageError> {
        let mut find = scoped(organization, SELECT);
        find.push(" AND id = ").bind(id.as_uuid());
        self.row::<UnitRow>(find).await?.map(Unit::try_from).transpose()
    }

    async fn ancestors(&mut self, organization: OrganizationId, ids: &[UnitId]) -> Result<UnitAncestors, StorageError> {
        let given = Batch::of(IDS, ids.iter().map(UnitId::as_uuid));
        let links = self.batch_rows::<LinkRow>(&[organization.as_uuid().into()], given, ANCESTORS).await?;
        Ok(UnitAncestors(links.into_iter().map(LinkRow::into_ids).collect()))
    }

    async fn subtree(&mut self, organization: OrganizationId, id: UnitId) -> Result<Vec<Unit>, StorageError> {
        let mut list = list::below(organization, SELECT, id);
        list.push(" ORDER BY depth, id");
        self.rows::<UnitRow>(list).await?.into_iter().map(Unit::try_from).collect()
    }

    async fn list(&mut self, organization: OrganizationId, query: &UnitQuery) -> Result<Page<Unit>, StorageError> {
        let rows = self.rows::<UnitRow>(list::units(organization, query)).await?;
        let units = rows.into_iter().map(Unit::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(units, query.limit))
    }

    async fn count(&mut self, organization: OrganizationId, query: &UnitQuery) -> Result<u64, StorageError> {
        TotalRow::of(self, list::count(organization, query)).await
    }

    async fn insert(&mut self, unit: &Unit) -> Result<(), StorageError> {
        let insert = sql("INSERT INTO units (organization_id, id, parent_id, name, name_folded, kind, depth, \
             created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .with(unit.organization.as_uuid())
        .with(unit.id.as_uuid())
        .with(unit.parent.map(|parent| parent.as_uuid()))
        .with(unit.name.as_str())
        .with(unit.name.folded())
        .with(unit.kind.as_str())
        .with(i64::from(unit.depth))
        .with(unit.created_at.as_micros())
        .with(unit.version.get());
        self.execute(insert).await?;
        self.insert_unit_terms(unit).await
    }

    async fn update(&mut self, unit: &mut Unit) -> Result<(), StorageError> {
        let text = "UPDATE units SET parent_id = $4, name = $5, name_folded = $6, kind = $7, depth = $8, \
            version = version + 1 WHERE organization_id = $1 AND id = $2 AND version = $3";
        let update = scoped(unit.organization, text)
            .with(unit.id.as_uuid())
            .with(unit.version.get())
            .with(unit.parent.map(|parent| parent.as_uuid()))
            .with(unit.name.as_str())
            .with(unit.name.folded())
            .with(unit.kind.as_str())
            .with(i64::from(unit.depth));
        self.execute_if_current(update).await?;
        self.delete_unit_terms(unit).await?;
        self.insert_unit_terms(unit).await?;
        unit.version = unit.version.next();
        Ok(())
    }

    async fn shift_depth(&mut self, organization: OrganizationId, ids: &[UnitId], by: i32) -> Result<(), StorageError> {
        let given = Batch::of(IDS, ids.iter().map(UnitId::as_uuid));
        let fixed = [organization.as_uuid().into(), i64::from(by).into()];
        let text = "UPDATE units SET depth = depth + $2 WHERE organization_id = $1 AND id IN (SELECT id FROM given)";
        self.execute_batch(&fixed, given, text).await
    }

    async fn delete(&mut self, organization: OrganizationId, ids: &[UnitId]) -> Result<(), StorageError> {
        let given = Batch::of(IDS, ids.iter().map(UnitId::as_uuid));
        let fixed = [organization.as_uuid().into()];
        // Taken apart first: a batch of many statements may delete a unit before one below it.
        let part = "UPDATE units SET parent_id = NULL WHERE organization_id = $1 AND id IN (SELECT id FROM given)";
        self.execute_batch(&fixed, given.clone(), part).await?;
        let delete = "DELETE FROM units WHERE organization_id = $1 AND id IN (SELECT id FROM given)";
        self.execute_batch(&fixed, given, delete).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::assert_batch_indexed;

    #[tokio::test]
    async fn no_unit_is_read_but_those_asked_for_and_those_above() {
        assert_batch_indexed(IDS, ANCESTORS).await;
    }
}
