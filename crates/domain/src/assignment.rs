//! Who holds which roles where: entries, and what may happen to them.
//!
//! For a subject and a unit there is at most one entry. What a subject holds in a unit follows
//! from its entries and the tree by one rule, `provision`.

mod entries;
mod provision;
#[cfg(test)]
mod tests;

pub use entries::{AssignmentRefused, InheritanceMode, SubjectEntries};
pub use provision::{EntryLike, Provision, UnitTree, provision};

use std::collections::BTreeSet;

use crate::RoleId;

/// What is assigned to one subject at one unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its direct roles; may be empty, which keeps the subject without roles here.
    pub roles: BTreeSet<RoleId>,
    /// Whether the roles reach the units below.
    pub propagates: bool,
    /// Whether roles from above are kept away from the units below.
    pub barrier: bool,
}

impl EntryLike for &Entry {
    fn is_empty(&self) -> bool {
        self.roles.is_empty()
    }

    fn propagates(&self) -> bool {
        self.propagates
    }

    fn is_barrier(&self) -> bool {
        self.barrier
    }
}
