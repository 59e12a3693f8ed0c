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

use std::pin::Pin;

use sea_orm::{DatabaseConnection, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager, async_trait};

use crate::store::OpenError;

/// One step, which happens whole or not at all.
struct Migration {
    /// Invariant: never changes; databases remember it.
    name: &'static str,
    up: for<'a> fn(&'a SchemaManager<'a>) -> Done<'a>,
}

type Done<'a> = Pin<Box<dyn Future<Output = Result<(), DbErr>> + Send + 'a>>;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        (self.up)(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// What a file makes, named as the file.
macro_rules! migration {
    ($file:ident) => {
        Box::new(Migration { name: stringify!($file), up: |manager| Box::pin($file::up(manager)) })
    };
}

struct Migrations;

impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            migration!(m0001_organizations),
            migration!(m0002_users),
            migration!(m0003_units_and_roles),
            migration!(m0004_entries),
            migration!(m0005_catalogs),
            migration!(m0006_service_accounts),
            migration!(m0007_log),
            migration!(m0008_credentials),
            migration!(m0009_signing_keys),
            migration!(m0010_mails),
            migration!(m0011_sessions),
            migration!(m0012_sso),
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
