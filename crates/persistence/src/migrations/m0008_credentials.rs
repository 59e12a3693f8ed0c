use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

use super::table::{TableOf, create_index};

/// Passwords, PINs, mailed links, and how often mails may be asked for.
pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_credentials"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_passwords(manager).await?;
        create_pins(manager).await?;
        create_links(manager).await?;
        create_mail_allowances(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
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

/// When the allowance of a key is whole again. A row that is in the past says nothing.
async fn create_mail_allowances(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "mail_allowances")
        .bytes("key_digest")
        .number("whole_at")
        .primary_key(&["key_digest"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "mail_allowances", &["whole_at"]).await
}
