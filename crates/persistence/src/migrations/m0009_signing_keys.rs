use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

use super::table::TableOf;

/// The keys that sign access tokens. The private ones are sealed.
pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0009_signing_keys"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        TableOf::new(manager, "signing_keys")
            .text("id")
            .number("generation")
            .bytes("public_key")
            .bytes("sealed_private_key")
            .number("created_at")
            .primary_key(&["id"])
            .unique(&["generation"])
            .create(manager)
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
