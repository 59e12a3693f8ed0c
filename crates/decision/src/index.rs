//! The index: facts, arranged for questions.
//!
//! Everything is persistent: a clone is free and a change copies what lies on its way. Inside an
//! organization units and roles go by number, permissions and catalogs by number everywhere.

mod apply;
mod cells;
mod decide;
mod entries;
mod facts;
mod interned;
mod member;
mod merged;
mod organization;
mod permissions;
mod reach;
mod reverse;
mod roles;
#[cfg(test)]
mod tests;
mod units;

use std::sync::Arc;

use varco_domain::{OrganizationId, Revision, Timestamp, UserId, UserStatus};

use self::organization::Organization;
use self::permissions::Permissions;
use crate::structure::Table;

/// Everything that decisions need, as of one revision.
///
/// A clone costs nothing and stays as it was; a change to one of them copies only what it touches.
#[derive(Clone, Default)]
pub struct Index {
    revision: Revision,
    permissions: Permissions,
    accounts: Table<UserId, UserStatus>,
    organizations: Table<OrganizationId, Arc<Organization>>,
}

/// An index at an instant: what questions are asked of.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    index: &'a Index,
    now: Timestamp,
}

impl Index {
    /// The revision that the facts are of.
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// The index as it answers at an instant: what has expired by then does not count, whether or not a
    /// fact says that it is gone.
    pub const fn at(&self, now: Timestamp) -> Moment<'_> {
        Moment { index: self, now }
    }

    /// Says that all facts up to this revision are in.
    pub fn advance(&mut self, revision: Revision) {
        self.revision = revision;
    }
}
