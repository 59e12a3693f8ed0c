use sea_orm::DbErr;
use sea_orm_migration::SchemaManager;

use super::table::{TableOf, create_index};

/// Service accounts, their secrets and tokens. Without an organization, one is an operator.
pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "service_accounts")
        .uuid("id")
        .text("username")
        .maybe_uuid("organization_id")
        .number("created_at")
        .lock_counter()
        .primary_key(&["id"])
        .unique(&["username"])
        .references(&["organization_id"], "organizations", &["id"])
        .create(manager)
        .await?;
    create_index(manager, "service_accounts", &["organization_id", "id"]).await?;
    create_secrets(manager).await?;
    create_tokens(manager).await
}

async fn create_secrets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "service_secrets")
        .uuid("id")
        .uuid("account_id")
        .bytes("digest")
        .number("created_at")
        .number("expires_at")
        .maybe_number("last_used_at")
        .primary_key(&["id"])
        .belongs_to(&["account_id"], "service_accounts", &["id"])
        .create(manager)
        .await?;
    create_index(manager, "service_secrets", &["account_id", "id"]).await
}

async fn create_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "service_tokens")
        .bytes("digest")
        .uuid("account_id")
        .uuid("secret_id")
        .number("expires_at")
        .primary_key(&["digest"])
        .belongs_to(&["account_id"], "service_accounts", &["id"])
        .belongs_to(&["secret_id"], "service_secrets", &["id"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "service_tokens", &["account_id", "expires_at"]).await?;
    create_index(manager, "service_tokens", &["secret_id"]).await
}
