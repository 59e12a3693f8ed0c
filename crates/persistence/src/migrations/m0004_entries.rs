use sea_orm::DbErr;
use sea_orm_migration::SchemaManager;

use super::table::{TableOf, create_index};

/// Entries. Every reference carries the organization, so no entry can reach into another one.
pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    TableOf::new(manager, "entries")
        .uuid("organization_id")
        .uuid("subject_id")
        .uuid("unit_id")
        .one_of("subject_kind", &["user", "service_account"])
        .flag("propagates")
        .flag("barrier")
        .primary_key(&["organization_id", "subject_id", "unit_id"])
        .references(&["organization_id", "unit_id"], "units", &["organization_id", "id"])
        .kept_by_key()
        .create(manager)
        .await?;
    // Without statistics PostgreSQL takes either index to find one entry, so this one has all columns
    // of the key; SQLite takes it only if it holds whatever is read.
    create_index(manager, "entries", &["organization_id", "unit_id", "subject_id", "subject_kind"]).await?;
    let entry = ["organization_id", "subject_id", "unit_id"];
    TableOf::new(manager, "entry_roles")
        .uuid("organization_id")
        .uuid("subject_id")
        .uuid("unit_id")
        .uuid("role_id")
        .primary_key(&["organization_id", "subject_id", "unit_id", "role_id"])
        .references(&entry, "entries", &entry)
        .references(&["organization_id", "role_id"], "roles", &["organization_id", "id"])
        .kept_by_key()
        .create(manager)
        .await?;
    create_index(manager, "entry_roles", &["organization_id", "role_id", "subject_id"]).await
}
