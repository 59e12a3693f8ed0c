//! How both databases spell each unique key.

use sea_orm::sqlx::error::DatabaseError;
use varco_application::storage::UniqueKey;

/// The key, the constraint by which PostgreSQL names it, and the columns by which SQLite does.
const SPELLINGS: [(UniqueKey, &str, &str); 12] = [
    (UniqueKey::OrganizationName, "organizations_name_folded_key", "organizations.name_folded"),
    (UniqueKey::Username, "users_username_key", "users.username"),
    (UniqueKey::Email, "users_email_folded_key", "users.email_folded"),
    (UniqueKey::Membership, "memberships_pkey", "memberships.organization_id, memberships.user_id"),
    (UniqueKey::UnitName, "units_parent_id_name_folded_key", "units.parent_id, units.name_folded"),
    (UniqueKey::RoleName, "roles_organization_id_name_folded_key", "roles.organization_id, roles.name_folded"),
    (UniqueKey::ServiceAccountUsername, "service_accounts_username_key", "service_accounts.username"),
    (UniqueKey::Subscription, "subscriptions_pkey", "subscriptions.organization_id, subscriptions.catalog_key"),
    (UniqueKey::CatalogKey, "catalogs_pkey", "catalogs.key"),
    (
        UniqueKey::ExternalIdentity,
        "external_identities_pkey",
        "external_identities.issuer, external_identities.subject",
    ),
    (UniqueKey::Receipt, "receipts_pkey", "receipts.caller_id, receipts.request_id"),
    (UniqueKey::SigningKeyGeneration, "signing_keys_generation_key", "signing_keys.generation"),
];

/// Finds the key behind a unique violation; `None` if it is not one that callers hear of.
pub(crate) fn unique_key(error: &dyn DatabaseError) -> Option<UniqueKey> {
    let constraint = error.constraint();
    let columns = error.message().strip_prefix("UNIQUE constraint failed: ");
    let found = SPELLINGS.iter().find(|(_, name, spelled)| constraint == Some(*name) || columns == Some(*spelled));
    found.map(|(key, _, _)| *key)
}
