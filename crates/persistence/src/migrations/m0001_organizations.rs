use sea_orm::DbErr;
use sea_orm_migration::SchemaManager;

use super::table::{TableOf, create_index};

/// Organizations. The root unit is not a foreign key: it comes after the organization.
pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "organizations")
        .uuid("id")
        .text("name")
        .text("name_folded")
        .maybe_text("app_display_name")
        .maybe_uuid("parent_id")
        .uuid("root_unit_id")
        .number("activation_link_ttl_micros")
        .flag("pin_required")
        .maybe_number("max_password_age_micros")
        .number("max_session_age_micros")
        .maybe_number("app_seat_limit")
        .number("app_seats_used")
        .maybe_number("back_office_seat_limit")
        .number("back_office_seats_used")
        .number("created_at")
        .number("version")
        .lock_counter()
        .primary_key(&["id"])
        .unique(&["name_folded"])
        .references(&["parent_id"], "organizations", &["id"])
        .create(manager)
        .await?;
    create_index(manager, "organizations", &["parent_id", "id"]).await
}
