use sea_orm::DbErr;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm_migration::SchemaManager;

use super::table::{TableOf, create_index};

/// Units, their search terms, and roles with what they grant.
pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_units(manager).await?;
    create_roles(manager).await
}

async fn create_units(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "units")
        .uuid("organization_id")
        .uuid("id")
        .maybe_uuid("parent_id")
        .text("name")
        .text("name_folded")
        .one_of("kind", &["unit", "project", "node"])
        .number("depth")
        .number("created_at")
        .number("version")
        .primary_key(&["organization_id", "id"])
        .unique(&["parent_id", "name_folded"])
        .references(&["organization_id"], "organizations", &["id"])
        .references(&["organization_id", "parent_id"], "units", &["organization_id", "id"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "units", &["organization_id", "parent_id", "id"]).await?;
    create_index(manager, "units", &["depth", "organization_id", "id"]).await?;
    TableOf::new(manager, "unit_terms")
        .uuid("organization_id")
        .uuid("unit_id")
        .text("term")
        .primary_key(&["organization_id", "unit_id", "term"])
        .belongs_to(&["organization_id", "unit_id"], "units", &["organization_id", "id"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "unit_terms", &["organization_id", "term", "unit_id"]).await
}

async fn create_roles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "roles")
        .uuid("organization_id")
        .uuid("id")
        .text("name")
        .text("name_folded")
        .text("description")
        .maybe_text("catalog_key")
        .maybe_text("predefined_key")
        .number("created_at")
        .number("version")
        .primary_key(&["organization_id", "id"])
        .unique(&["organization_id", "name_folded"])
        .check(
            "roles_predefined_key_check",
            Expr::col("catalog_key").is_null().eq(Expr::col("predefined_key").is_null()),
        )
        .references(&["organization_id"], "organizations", &["id"])
        .kept_by_key()
        .create(manager)
        .await?;
    TableOf::new(manager, "role_permissions")
        .uuid("organization_id")
        .uuid("role_id")
        .text("permission")
        .primary_key(&["organization_id", "role_id", "permission"])
        .belongs_to(&["organization_id", "role_id"], "roles", &["organization_id", "id"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "role_permissions", &["permission", "organization_id"]).await
}
