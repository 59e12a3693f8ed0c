use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use varco_application::decision::Fact;
use varco_application::storage::StorageError;
use varco_domain::{
    CatalogKey, OrganizationId, PermissionKey, RoleId, ServiceAccountId, SubjectId, Timestamp, UnitId, UserId,
    UserStatus,
};

use super::pages::FactRow;
use crate::permissions::split_permissions;
use crate::place::Place;

#[derive(FromQueryResult)]
pub(super) struct CatalogRow {
    key: String,
    permissions: Option<String>,
}

impl FactRow for CatalogRow {
    const SELECT: &'static str = "SELECT key, (SELECT string_agg(permission, ' ') FROM catalog_permissions p \
        WHERE p.catalog_key = catalogs.key) AS permissions FROM catalogs";
    const KEY: &'static [&'static str] = &["key"];

    fn first_key() -> Vec<Value> {
        vec!["".into()]
    }

    fn key(&self) -> Vec<Value> {
        vec![self.key.as_str().into()]
    }

    fn into_fact(self) -> Result<Fact, StorageError> {
        let at = Place::new("catalogs", &self.key);
        let permissions = split_permissions::<Vec<PermissionKey>>(self.permissions.as_deref());
        Ok(Fact::Catalog {
            key: at.read("key", CatalogKey::parse(&self.key))?,
            permissions: at.read("permissions", permissions)?,
        })
    }
}

#[derive(FromQueryResult)]
pub(super) struct SubscriptionRow {
    organization_id: Uuid,
    catalog_key: String,
}

impl FactRow for SubscriptionRow {
    const SELECT: &'static str = "SELECT organization_id, catalog_key FROM subscriptions";
    const KEY: &'static [&'static str] = &["organization_id", "catalog_key"];

    fn first_key() -> Vec<Value> {
        vec![Uuid::nil().into(), "".into()]
    }

    fn key(&self) -> Vec<Value> {
        vec![self.organization_id.into(), self.catalog_key.as_str().into()]
    }

    fn into_fact(self) -> Result<Fact, StorageError> {
        let organization = OrganizationId::from_uuid(self.organization_id);
        let catalog = CatalogKey::parse(&self.catalog_key);
        let catalog = Place::new("subscriptions", organization).read("catalog_key", catalog)?;
        Ok(Fact::Subscribed { organization, catalog })
    }
}

#[derive(FromQueryResult)]
pub(super) struct AccountRow {
    id: Uuid,
    status: String,
}

impl FactRow for AccountRow {
    const SELECT: &'static str = "SELECT id, status FROM users";
    const KEY: &'static [&'static str] = &["id"];

    fn first_key() -> Vec<Value> {
        vec![Uuid::nil().into()]
    }

    fn key(&self) -> Vec<Value> {
        vec![self.id.into()]
    }

    fn into_fact(self) -> Result<Fact, StorageError> {
        let user = UserId::from_uuid(self.id);
        let status = Place::new("users", user).read("status", UserStatus::parse(&self.status))?;
        Ok(Fact::Account { user, status })
    }
}

#[derive(FromQueryResult)]
pub(super) struct MemberRow {
    organization_id: Uuid,
    user_id: Uuid,
    app_access: bool,
    expires_at: Option<i64>,
}

impl FactRow for MemberRow {
    const SELECT: &'static str = "SELECT organization_id, user_id, app_access, expires_at FROM memberships";
    const KEY: &'static [&'static str] = &["organization_id", "user_id"];

    fn first_key() -> Vec<Value> {
        vec![Uuid::nil().into(), Uuid::nil().into()]
    }

    fn key(&self) -> Vec<Value> {
        vec![self.organization_id.into(), self.user_id.into()]
    }

    fn into_fact(self) -> Result<Fact, StorageError> {
        Ok(Fact::Member {
            organization: OrganizationId::from_uuid(self.organization_id),
            subject: SubjectId::User(UserId::from_uuid(self.user_id)),
            app_access: self.app_access,
            expires_at: self.expires_at.map(Timestamp::from_micros),
        })
    }
}

/// Operators have no organization and are no members.
#[derive(FromQueryResult)]
pub(super) struct ServiceAccountRow {
    organization_id: Uuid,
    id: Uuid,
}

impl FactRow for ServiceAccountRow {
    const SELECT: &'static str = "SELECT organization_id, id FROM service_accounts";
    const KEY: &'static [&'static str] = &["organization_id", "id"];

    fn first_key() -> Vec<Value> {
        vec![Uuid::nil().into(), Uuid::nil().into()]
    }

    fn key(&self) -> Vec<Value> {
        vec![self.organization_id.into(), self.id.into()]
    }

    fn into_fact(self) -> Result<Fact, StorageError> {
        Ok(Fact::Member {
            organization: OrganizationId::from_uuid(self.organization_id),
            subject: SubjectId::ServiceAccount(ServiceAccountId::from_uuid(self.id)),
            app_access: true,
            expires_at: None,
        })
    }
}

#[derive(FromQueryResult)]
pub(super) struct UnitRow {
    depth: i64,
    organization_id: Uuid,
    id: Uuid,
    parent_id: Option<Uuid>,
}

/// By depth, so that parents come first.
impl FactRow for UnitRow {
    const SELECT: &'static str = "SELECT depth, organization_id, id, parent_id FROM units";
    const KEY: &'static [&'static str] = &["depth", "organization_id", "id"];

    fn first_key() -> Vec<Value> {
        vec![0_i64.into(), Uuid::nil().into(), Uuid::nil().into()]
    }

    fn key(&self) -> Vec<Value> {
        vec![self.depth.into(), self.organization_id.into(), self.id.into()]
    }

    fn into_fact(self) -> Result<Fact, StorageError> {
        Ok(Fact::Unit {
            organization: OrganizationId::from_uuid(self.organization_id),
            unit: UnitId::from_uuid(self.id),
            parent: self.parent_id.map(UnitId::from_uuid),
        })
    }
}

#[derive(FromQueryResult)]
pub(super) struct RoleRow {
    organization_id: Uuid,
    id: Uuid,
    permissions: Option<String>,
}

impl FactRow for RoleRow {
    const SELECT: &'static str = "SELECT organization_id, id, (SELECT string_agg(permission, ' ') \
        FROM role_permissions p WHERE p.organization_id = roles.organization_id AND p.role_id = roles.id) \
        AS permissions FROM roles";
    const KEY: &'static [&'static str] = &["organization_id", "id"];

    fn first_key() -> Vec<Value> {
        vec![Uuid::nil().into(), Uuid::nil().into()]
    }

    fn key(&self) -> Vec<Value> {
        vec![self.organization_id.into(), self.id.into()]
    }

    fn into_fact(self) -> Result<Fact, StorageError> {
        let role = RoleId::from_uuid(self.id);
        let permissions = split_permissions(self.permissions.as_deref());
        Ok(Fact::Role {
            organization: OrganizationId::from_uuid(self.organization_id),
            role,
            permissions: Place::new("roles", role).read("permissions", permissions)?,
        })
    }
}
