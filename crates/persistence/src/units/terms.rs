use varco_application::storage::StorageError;
use varco_domain::{Unit, search_terms};

use crate::batch::{Batch, Columns, Kind};
use crate::sql::scoped;
use crate::work::SeaUnitOfWork;

const TERMS: Columns = &[("term", Kind::Text)];

impl SeaUnitOfWork {
    pub(super) async fn insert_unit_terms(&self, unit: &Unit) -> Result<(), StorageError> {
        let terms = Batch::of(TERMS, search_terms([unit.name.as_str()]));
        let fixed = [unit.organization.as_uuid().into(), unit.id.as_uuid().into()];
        let text = "INSERT INTO unit_terms (organization_id, unit_id, term) SELECT $1, $2, term FROM given";
        self.execute_batch(&fixed, terms, text).await
    }

    pub(super) async fn delete_unit_terms(&self, unit: &Unit) -> Result<(), StorageError> {
        let delete = scoped(unit.organization, "DELETE FROM unit_terms WHERE organization_id = $1 AND unit_id = $2");
        self.execute(delete.with(unit.id.as_uuid())).await.map(drop)
    }
}
