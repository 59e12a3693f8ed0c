use sea_orm::DbErr;
use sea_orm_migration::SchemaManager;

use super::table::{TableOf, create_index};

/// Accounts, their search terms and memberships.
pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_users(manager).await?;
    create_memberships(manager).await
}

async fn create_users(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "users")
        .uuid("id")
        .text("username")
        .text("email")
        .text("email_folded")
        .text("first_name")
        .text("last_name")
        .text("language")
        .maybe_one_of("gender", &["female", "male", "other"])
        .maybe_text("birth_date")
        .maybe_text("mobile_phone")
        .maybe_text("phone")
        .maybe_text("company")
        .maybe_text("address_line1")
        .maybe_text("address_line2")
        .maybe_text("city")
        .maybe_text("province")
        .maybe_text("postal_code")
        .maybe_text("time_zone")
        .one_of("status", &["contact", "invited", "active", "suspended"])
        .uuid("home_organization_id")
        .number("created_at")
        .maybe_number("activated_at")
        .maybe_number("last_sign_in_at")
        .number("version")
        .primary_key(&["id"])
        .unique(&["username"])
        .unique(&["email_folded"])
        .references(&["home_organization_id"], "organizations", &["id"])
        .create(manager)
        .await?;
    create_index(manager, "users", &["home_organization_id"]).await?;
    TableOf::new(manager, "user_terms")
        .uuid("user_id")
        .text("term")
        .primary_key(&["user_id", "term"])
        .belongs_to(&["user_id"], "users", &["id"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "user_terms", &["term", "user_id"]).await
}

/// The username, which never changes, is kept here too: lists by username read one index.
async fn create_memberships(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "memberships")
        .uuid("organization_id")
        .uuid("user_id")
        .text("username")
        .one_of("kind", &["internal", "external"])
        .flag("app_access")
        .one_of("back_office_level", &["none", "standard", "admin"])
        .flag("mail_general")
        .flag("mail_product")
        .flag("mail_domain")
        .flag("mail_billing")
        .flag("mail_support")
        .maybe_number("expires_at")
        .number("created_at")
        .primary_key(&["organization_id", "user_id"])
        .references(&["organization_id"], "organizations", &["id"])
        .references(&["user_id"], "users", &["id"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "memberships", &["organization_id", "username"]).await?;
    create_index(manager, "memberships", &["organization_id", "back_office_level"]).await?;
    create_index(manager, "memberships", &["user_id", "organization_id"]).await?;
    create_index(manager, "memberships", &["expires_at", "organization_id", "user_id"]).await
}
