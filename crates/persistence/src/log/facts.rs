//! Facts, read in pages by key: no page grows with the data, and no statement runs into its limit.

mod entries;
mod pages;
mod row;

use varco_application::decision::Fact;
use varco_application::storage::{LogRepository, StorageError};
use varco_domain::Revision;

use crate::work::SeaUnitOfWork;
use row::{AccountRow, CatalogRow, MemberRow, RoleRow, ServiceAccountRow, SubscriptionRow, UnitRow};

/// Takes facts one by one.
type Sink<'a> = &'a mut (dyn FnMut(Fact) + Send);

impl SeaUnitOfWork {
    pub(super) async fn read_facts(&mut self, sink: Sink<'_>) -> Result<Revision, StorageError> {
        self.pages::<CatalogRow>(sink).await?;
        self.pages::<SubscriptionRow>(sink).await?;
        self.pages::<AccountRow>(sink).await?;
        self.pages::<MemberRow>(sink).await?;
        self.pages::<ServiceAccountRow>(sink).await?;
        self.pages::<UnitRow>(sink).await?;
        self.pages::<RoleRow>(sink).await?;
        self.entry_facts(sink).await?;
        self.head().await
    }
}
