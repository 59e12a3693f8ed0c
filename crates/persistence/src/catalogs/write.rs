use varco_application::storage::StorageError;
use varco_domain::{Catalog, CatalogKey, PermissionKey};

use crate::batch::{Batch, Columns, Kind};
use crate::codec::write_texts;
use crate::sql::{count, sql};
use crate::work::SeaUnitOfWork;

const PERMISSIONS: Columns = &[("permission", Kind::Text), ("description", Kind::Text)];
const ROLES: Columns = &[
    ("place", Kind::Number),
    ("key", Kind::Text),
    ("name", Kind::Text),
    ("description", Kind::Text),
    ("permissions", Kind::Text),
];

const INSERT_PERMISSIONS: &str = "INSERT INTO catalog_permissions (catalog_key, permission, description) \
    SELECT $1, permission, description FROM given";
const INSERT_ROLES: &str = "INSERT INTO catalog_roles (catalog_key, place, key, name, description, permissions) \
    SELECT $1, place, key, name, description, permissions FROM given";

impl SeaUnitOfWork {
    pub(super) async fn insert_contents(&self, catalog: &Catalog) -> Result<(), StorageError> {
        let fixed = [catalog.key.as_str().into()];
        let mut permissions = Batch::new(PERMISSIONS);
        for permission in &catalog.permissions {
            permissions.push([permission.key.as_str().into(), permission.description.as_str().into()]);
        }
        self.execute_batch(&fixed, permissions, INSERT_PERMISSIONS).await?;
        let mut roles = Batch::new(ROLES);
        for (place, role) in catalog.predefined_roles.iter().enumerate() {
            let permissions = write_texts(role.permissions.iter().map(PermissionKey::as_str));
            let (key, name) = (role.key.as_str().into(), role.name.as_str().into());
            roles.push([count(place).into(), key, name, role.description.as_str().into(), permissions.into()]);
        }
        self.execute_batch(&fixed, roles, INSERT_ROLES).await
    }

    pub(super) async fn delete_contents(&self, key: &CatalogKey) -> Result<(), StorageError> {
        self.execute(sql("DELETE FROM catalog_permissions WHERE catalog_key = $1").with(key.as_str())).await?;
        self.execute(sql("DELETE FROM catalog_roles WHERE catalog_key = $1").with(key.as_str())).await.map(drop)
    }
}
