//! The tables and how they came to be: numbered, never edited after release.

mod m0001_organizations;
mod m0002_users;
mod m0003_units_and_roles;
mod m0004_entries;
mod m0005_catalogs;
mod m0006_service_accounts;
mod m0007_log;
mod m0008_credentials;
mod m0009_signing_keys;
mod m0010_mails;
mod m0011_sessions;
mod m0012_sso;
mod table;

use sea_orm::DatabaseConnection;
use sea_orm_migration::{MigrationTrait, MigratorTrait};

use crate::store::OpenError;

struct Migrations;

impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_organizations::Migration),
            Box::new(m0002_users::Migration),
            Box::new(m0003_units_and_roles::Migration),
            Box::new(m0004_entries::Migration),
            Box::new(m0005_catalogs::Migration),
            Box::new(m0006_service_accounts::Migration),
            Box::new(m0007_log::Migration),
            Box::new(m0008_credentials::Migration),
            Box::new(m0009_signing_keys::Migration),
            Box::new(m0010_mails::Migration),
            Box::new(m0011_sessions::Migration),
            Box::new(m0012_sso::Migration),
        ]
    }
}

/// Brings the tables up to date. Refuses tables that a newer version has changed.
pub(crate) async fn migrate(connection: &DatabaseConnection) -> Result<(), OpenError> {
    let applied = Migrations::get_migration_models(connection).await?;
    let known = Migrations::migrations();
    let unknown = applied.into_iter().find(|applied| known.iter().all(|known| known.name() != applied.version));
    if let Some(unknown) = unknown {
        return Err(OpenError::SchemaTooNew { migration: unknown.version });
    }
    Ok(Migrations::up(connection, None).await?)
}
