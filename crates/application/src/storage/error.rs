use std::error::Error;

/// Why storage could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A unique key is taken.
    #[error("{0:?} is taken")]
    Duplicate(UniqueKey),
    /// The row changed since it was read.
    #[error("the row changed since it was read")]
    Stale,
    /// Other writers got in between; the whole unit of work may be tried again.
    #[error("other writers got in between")]
    Contention,
    /// The database does not answer.
    #[error("the database does not answer")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// A stored value is not one that could have been written.
    #[error("column {column} of {table} {id} is corrupt")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        id: String,
    },
    /// Anything else the database says.
    #[error("the database refused")]
    Backend(#[source] Box<dyn Error + Send + Sync>),
}

impl StorageError {
    /// Whether the unit of work lost against others.
    pub(crate) const fn is_contention(&self) -> bool {
        matches!(self, Self::Contention)
    }
}

/// The unique keys whose violation is an answer rather than a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UniqueKey {
    /// Of an organization in the system, folded.
    OrganizationName,
    /// Of an account in the system.
    Username,
    /// Of an account in the system, folded.
    Email,
    /// One membership of a user in an organization.
    Membership,
    /// Of a unit among its siblings, folded.
    UnitName,
    /// Of a role in its organization, folded.
    RoleName,
    /// Of a service account in the system.
    ServiceAccountUsername,
    /// One subscription of an organization to a catalog.
    Subscription,
    /// One catalog of a key.
    CatalogKey,
    /// Of one person at a provider of single sign-on.
    ExternalIdentity,
    /// One answer for a caller's request id.
    Receipt,
    /// The place of a signing key in the order of their making.
    SigningKeyGeneration,
}
