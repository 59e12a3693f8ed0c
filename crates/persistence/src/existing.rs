use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::storage::StorageError;
use varco_domain::OrganizationId;

use crate::batch::Batch;
use crate::work::SeaUnitOfWork;

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

/// Reads those identifiers of a batch that a statement finds in an organization, sorted, each once.
pub(crate) async fn among(
    work: &SeaUnitOfWork,
    organization: OrganizationId,
    given: Batch,
    text: &str,
) -> Result<impl Iterator<Item = Uuid> + use<>, StorageError> {
    let rows = work.batch_rows::<IdRow>(&[organization.as_uuid().into()], given, text).await?;
    let mut ids: Vec<Uuid> = rows.into_iter().map(|row| row.id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids.into_iter())
}
