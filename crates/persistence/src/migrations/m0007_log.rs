use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::SchemaManager;

use super::table::{TableOf, create_index};

/// The log, its one head, and the receipts of calls. The log outlives what it tells of, so it references nothing.
pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_head(manager).await?;
    create_events(manager).await?;
    TableOf::new(manager, "receipts")
        .uuid("caller_id")
        .uuid("request_id")
        .bytes("digest")
        .bytes("answer")
        .number("created_at")
        .primary_key(&["caller_id", "request_id"])
        .create(manager)
        .await?;
    create_index(manager, "receipts", &["caller_id", "created_at"]).await?;
    create_index(manager, "receipts", &["created_at"]).await
}

async fn create_head(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "log_head")
        .number("id")
        .number("revision")
        .primary_key(&["id"])
        .check("log_head_id_check", Expr::col("id").eq(1))
        .create(manager)
        .await?;
    let head =
        Query::insert().into_table("log_head").columns(["id", "revision"]).values_panic([1.into(), 0.into()]).take();
    manager.get_connection().execute(&head).await.map(drop)
}

async fn create_events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "events")
        .number("revision")
        .number("ordinal")
        .number("occurred_at")
        .maybe_uuid("organization_id")
        .text("kind")
        .text("subjects")
        .one_of("actor_kind", &["system", "user", "service_account"])
        .maybe_uuid("actor_id")
        .maybe_uuid("actor_organization_id")
        .maybe_text("address")
        .text("request_id")
        .maybe_text("before_record")
        .maybe_text("after_record")
        .primary_key(&["revision", "ordinal"])
        .create(manager)
        .await?;
    create_index(manager, "events", &["organization_id", "revision", "ordinal"]).await?;
    create_index(manager, "events", &["actor_id", "revision", "ordinal"]).await?;
    TableOf::new(manager, "event_subjects")
        .text("subject_id")
        .number("revision")
        .number("ordinal")
        .primary_key(&["subject_id", "revision", "ordinal"])
        .kept_by_key()
        .create(manager)
        .await
}
