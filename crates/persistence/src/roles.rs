//! Roles.

mod row;

use async_trait::async_trait;
use uuid::Uuid;
use varco_application::storage::{Page, RoleRepository, RoleSummary, StorageError};
use varco_domain::{OrganizationId, PermissionKey, Role, RoleId, RoleOrigin};

use crate::batch::{Batch, Columns, Kind};
use crate::existing::among;
use crate::permissions::{PERMISSIONS, read_permissions};
use crate::sql::{scoped, sql};
use crate::total::TotalRow;
use crate::work::SeaUnitOfWork;
use row::{RoleRow, SELECT, SELECT_SUMMARIES, SummaryRow};

const IDS: Columns = &[("id", Kind::Uuid)];

#[async_trait]
impl RoleRepository for SeaUnitOfWork {
    async fn find(&mut self, organization: OrganizationId, id: RoleId) -> Result<Option<Role>, StorageError> {
        let mut find = scoped(organization, SELECT);
        find.push(" AND id = ").bind(id.as_uuid());
        self.row::<RoleRow>(find).await?.map(Role::try_from).transpose()
    }

    async fn existing_among(
        &mut self,
        organization: OrganizationId,
        ids: &[RoleId],
    ) -> Result<Vec<RoleId>, StorageError> {
        let given = Batch::of(IDS, ids.iter().map(RoleId::as_uuid));
        let text = "SELECT given.id FROM given CROSS JOIN roles r WHERE r.organization_id = $1 AND r.id = given.id";
        Ok(among(self, organization, given, text).await?.map(RoleId::from_uuid).collect())
    }

    async fn count_holders(&mut self, organization: OrganizationId, id: RoleId) -> Result<u32, StorageError> {
        let text = "SELECT COUNT(DISTINCT subject_id) AS total FROM entry_roles \
            WHERE organization_id = $1 AND role_id = $2";
        let total = TotalRow::of(self, scoped(organization, text).with(id.as_uuid())).await?;
        Ok(u32::try_from(total).unwrap_or(u32::MAX))
    }

    async fn list(
        &mut self,
        organization: OrganizationId,
        predefined: Option<bool>,
        before: Option<RoleId>,
        limit: usize,
    ) -> Result<Page<RoleSummary>, StorageError> {
        let mut list = scoped(organization, SELECT_SUMMARIES);
        match predefined {
            Some(true) => _ = list.push(" AND catalog_key IS NOT NULL"),
            Some(false) => _ = list.push(" AND catalog_key IS NULL"),
            None => (),
        }
        list.push(" AND id < ").bind(before.map_or(Uuid::max(), |before| before.as_uuid()));
        list.push(" ORDER BY id DESC").limit(limit);
        let rows = self.rows::<SummaryRow>(list).await?;
        let roles = rows.into_iter().map(RoleSummary::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(roles, limit))
    }

    async fn insert(&mut self, role: &Role) -> Result<(), StorageError> {
        let (catalog, predefined) = match &role.origin {
            RoleOrigin::Predefined { catalog, key } => (Some(catalog.to_string()), Some(key.to_string())),
            RoleOrigin::Custom => (None, None),
        };
        let insert = sql("INSERT INTO roles (organization_id, id, name, name_folded, description, catalog_key, \
             predefined_key, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .with(role.organization.as_uuid())
        .with(role.id.as_uuid())
        .with(role.name.as_str())
        .with(role.name.folded())
        .with(role.description.as_str())
        .with(catalog)
        .with(predefined)
        .with(role.created_at.as_micros())
        .with(role.version.get());
        self.execute(insert).await?;
        self.insert_permissions(role).await
    }

    async fn update(&mut self, role: &mut Role) -> Result<(), StorageError> {
        let text = "UPDATE roles SET name = $4, name_folded = $5, description = $6, version = version + 1 \
            WHERE organization_id = $1 AND id = $2 AND version = $3";
        let update = scoped(role.organization, text)
            .with(role.id.as_uuid())
            .with(role.version.get())
            .with(role.name.as_str())
            .with(role.name.folded())
            .with(role.description.as_str());
        self.execute_if_current(update).await?;
        let delete = "DELETE FROM role_permissions WHERE organization_id = $1 AND role_id = $2";
        self.execute(scoped(role.organization, delete).with(role.id.as_uuid())).await?;
        self.insert_permissions(role).await?;
        role.version = role.version.next();
        Ok(())
    }

    async fn delete(&mut self, organization: OrganizationId, id: RoleId) -> Result<(), StorageError> {
        let delete = scoped(organization, "DELETE FROM roles WHERE organization_id = $1 AND id = $2");
        self.execute(delete.with(id.as_uuid())).await.map(drop)
    }

    async fn granted_among(
        &mut self,
        organization: Option<OrganizationId>,
        permissions: &[PermissionKey],
    ) -> Result<Vec<PermissionKey>, StorageError> {
        let in_organization = organization.map(|organization| organization.as_uuid().into());
        let scope = if organization.is_some() { "AND organization_id = $1" } else { "" };
        let text = format!(
            "SELECT permission FROM given WHERE EXISTS \
             (SELECT 1 FROM role_permissions WHERE permission = given.permission {scope})"
        );
        let given = Batch::of(PERMISSIONS, permissions.iter().map(PermissionKey::as_str));
        let rows = self.batch_rows(in_organization.as_slice(), given, &text).await?;
        read_permissions("role_permissions", rows)
    }
}

impl SeaUnitOfWork {
    async fn insert_permissions(&self, role: &Role) -> Result<(), StorageError> {
        let permissions = Batch::of(PERMISSIONS, role.permissions.iter().map(PermissionKey::as_str));
        let fixed = [role.organization.as_uuid().into(), role.id.as_uuid().into()];
        let text = "INSERT INTO role_permissions (organization_id, role_id, permission) \
            SELECT $1, $2, permission FROM given";
        self.execute_batch(&fixed, permissions, text).await
    }
}
