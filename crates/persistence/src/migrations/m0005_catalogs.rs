use sea_orm::DbErr;
use sea_orm_migration::SchemaManager;

use super::table::{TableOf, create_index};

/// Catalogs, what they offer, and who subscribes to them.
pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_catalogs(manager).await?;
    TableOf::new(manager, "subscriptions")
        .uuid("organization_id")
        .text("catalog_key")
        .primary_key(&["organization_id", "catalog_key"])
        .references(&["organization_id"], "organizations", &["id"])
        .references(&["catalog_key"], "catalogs", &["key"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "subscriptions", &["catalog_key", "organization_id"]).await
}

async fn create_catalogs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "catalogs")
        .text("key")
        .text("display_name")
        .number("version")
        .number("applied_at")
        .lock_counter()
        .primary_key(&["key"])
        .create(manager)
        .await?;
    // A permission's key begins with its catalog's, so it is unique by itself and lists by it.
    TableOf::new(manager, "catalog_permissions")
        .text("permission")
        .text("catalog_key")
        .text("description")
        .primary_key(&["permission"])
        .belongs_to(&["catalog_key"], "catalogs", &["key"])
        .create(manager)
        .await?;
    create_index(manager, "catalog_permissions", &["catalog_key", "permission"]).await?;
    TableOf::new(manager, "catalog_roles")
        .text("catalog_key")
        .number("place")
        .text("key")
        .text("name")
        .text("description")
        .text("permissions")
        .primary_key(&["catalog_key", "place"])
        .unique(&["catalog_key", "key"])
        .belongs_to(&["catalog_key"], "catalogs", &["key"])
        .create(manager)
        .await
}
