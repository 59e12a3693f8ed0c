use sea_orm::DbErr;
use sea_orm_migration::SchemaManager;

use super::table::{TableOf, create_index};

/// Sessions with their refresh tokens, and sign-ins: those under way, those that failed, and how
/// often somebody tried.
pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_sessions(manager).await?;
    create_refresh_tokens(manager).await?;
    create_challenges(manager).await?;
    create_failures(manager).await?;
    create_throttles(manager).await?;
    create_sources(manager).await
}

async fn create_sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "sessions")
        .uuid("id")
        .uuid("user_id")
        .uuid("organization_id")
        .flag("pin_given")
        .number("created_at")
        .number("last_used_at")
        .number("refreshes")
        .number("expires_at")
        .maybe_text("address")
        .maybe_text("user_agent")
        .maybe_text("browser")
        .maybe_text("operating_system")
        .primary_key(&["id"])
        .belongs_to(&["user_id"], "users", &["id"])
        .belongs_to(&["organization_id"], "organizations", &["id"])
        .create(manager)
        .await?;
    create_index(manager, "sessions", &["user_id", "id"]).await?;
    create_index(manager, "sessions", &["organization_id", "user_id"]).await?;
    create_index(manager, "sessions", &["expires_at"]).await?;
    create_index(manager, "sessions", &["last_used_at"]).await
}

/// Tokens that were used stay as long as their session: one that comes again gives the thief away.
/// The session counts them, and has an end to its count.
async fn create_refresh_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "refresh_tokens")
        .bytes("digest")
        .uuid("session_id")
        .number("created_at")
        .maybe_number("used_at")
        .primary_key(&["digest"])
        .belongs_to(&["session_id"], "sessions", &["id"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "refresh_tokens", &["session_id"]).await
}

async fn create_challenges(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "challenges")
        .bytes("digest")
        .uuid("user_id")
        .one_of("step", &["new_password", "pin", "organization"])
        .flag("pin_shown")
        .maybe_uuid("organization_id")
        .maybe_uuid("session_id")
        .number("expires_at")
        .number("attempts")
        .primary_key(&["digest"])
        .belongs_to(&["user_id"], "users", &["id"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "challenges", &["user_id"]).await?;
    create_index(manager, "challenges", &["expires_at"]).await
}

async fn create_failures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "sign_in_failures")
        .uuid("id")
        .maybe_uuid("user_id")
        .maybe_uuid("organization_id")
        .number("occurred_at")
        .text("reason")
        .maybe_text("address")
        .maybe_text("user_agent")
        .maybe_text("browser")
        .maybe_text("operating_system")
        .primary_key(&["id"])
        .belongs_to(&["user_id"], "users", &["id"])
        .belongs_to(&["organization_id"], "organizations", &["id"])
        .create(manager)
        .await?;
    create_index(manager, "sign_in_failures", &["organization_id", "id"]).await?;
    create_index(manager, "sign_in_failures", &["user_id", "id"]).await?;
    create_index(manager, "sign_in_failures", &["occurred_at"]).await
}

/// What a key is about is kept in columns, so that no two keys can read alike.
async fn create_throttles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "sign_in_throttles")
        .one_of(
            "kind",
            &["account", "nobody", "known", "name", "name_used", "source", "pin", "session", "links_to", "links_from"],
        )
        .text("subject")
        .text("source")
        .number("in_a_row")
        .number("whole_at")
        .number("next_at")
        .number("forgotten_at")
        .lock_counter()
        .primary_key(&["kind", "subject", "source"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "sign_in_throttles", &["forgotten_at"]).await
}

async fn create_sources(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "sign_in_sources")
        .uuid("user_id")
        .text("source")
        .number("signed_in_at")
        .primary_key(&["user_id", "source"])
        .belongs_to(&["user_id"], "users", &["id"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "sign_in_sources", &["source", "signed_in_at"]).await?;
    create_index(manager, "sign_in_sources", &["signed_in_at"]).await
}
