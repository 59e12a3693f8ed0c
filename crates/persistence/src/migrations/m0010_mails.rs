use sea_orm::DbErr;
use sea_orm_migration::SchemaManager;

use super::table::{TableOf, create_index};

/// Mails that wait, and what is kept of those that were sent.
pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "mails")
        .uuid("id")
        .uuid("organization_id")
        .uuid("user_id")
        .text("recipient")
        .text("language")
        .text("kind")
        .one_of("status", &["queued", "sent", "dead"])
        .number("attempts")
        .number("next_attempt_at")
        .number("created_at")
        .maybe_number("sent_at")
        .maybe_text("last_fault")
        .bytes("content")
        .primary_key(&["id"])
        .belongs_to(&["organization_id"], "organizations", &["id"])
        .belongs_to(&["user_id"], "users", &["id"])
        .create(manager)
        .await?;
    create_index(manager, "mails", &["status", "next_attempt_at"]).await?;
    create_index(manager, "mails", &["status", "created_at"]).await?;
    create_index(manager, "mails", &["organization_id", "id"]).await?;
    create_index(manager, "mails", &["user_id", "id"]).await
}
