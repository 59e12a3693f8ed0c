use sea_orm::DbErr;
use sea_orm_migration::SchemaManager;

use super::table::TableOf;

/// Passwords, PINs and mailed links.
pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_passwords(manager).await?;
    create_pins(manager).await?;
    create_links(manager).await
}

async fn create_passwords(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "passwords")
        .uuid("user_id")
        .text("hash")
        .number("changed_at")
        .flag("must_change")
        .primary_key(&["user_id"])
        .belongs_to(&["user_id"], "users", &["id"])
        .kept_by_key()
        .create(manager)
        .await
}

async fn create_pins(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "pins")
        .uuid("user_id")
        .text("hash")
        .flag("is_active")
        .primary_key(&["user_id"])
        .belongs_to(&["user_id"], "users", &["id"])
        .kept_by_key()
        .create(manager)
        .await
}

async fn create_links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "links")
        .uuid("user_id")
        .one_of("purpose", &["activation", "password_reset"])
        .bytes("digest")
        .number("expires_at")
        .primary_key(&["user_id", "purpose"])
        .unique(&["digest"])
        .belongs_to(&["user_id"], "users", &["id"])
        .kept_by_key()
        .create(manager)
        .await
}
