use sea_orm::DbErr;
use sea_orm_migration::SchemaManager;

use super::table::{TableOf, create_index};

/// Single sign-on: providers, browsers on their way, and who is who.
pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "sso_providers")
        .uuid("organization_id")
        .text("issuer")
        .text("client_id")
        .bytes("sealed_secret")
        .text("redirect_uris")
        .primary_key(&["organization_id"])
        .belongs_to(&["organization_id"], "organizations", &["id"])
        .create(manager)
        .await?;
    create_requests(manager).await?;
    create_identities(manager).await
}

async fn create_requests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "sso_requests")
        .bytes("state_digest")
        .uuid("organization_id")
        .text("redirect_uri")
        .bytes("sealed_expected")
        .maybe_bytes("link_digest")
        .number("expires_at")
        .primary_key(&["state_digest"])
        .belongs_to(&["organization_id"], "organizations", &["id"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "sso_requests", &["expires_at"]).await?;
    create_index(manager, "sso_requests", &["organization_id"]).await
}

async fn create_identities(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "external_identities")
        .text("issuer")
        .text("subject")
        .uuid("user_id")
        .number("created_at")
        .primary_key(&["issuer", "subject"])
        .belongs_to(&["user_id"], "users", &["id"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "external_identities", &["user_id"]).await
}
