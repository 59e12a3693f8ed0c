use sea_orm::DbErr;
use sea_orm_migration::SchemaManager;

use super::table::TableOf;

/// The keys that sign access tokens. The private ones are sealed.
pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
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
