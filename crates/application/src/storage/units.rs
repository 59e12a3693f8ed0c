use std::collections::HashMap;

use async_trait::async_trait;
use varco_domain::{OrganizationId, SearchWords, Unit, UnitId, UnitTree};

use super::{Page, StorageError};

/// Which part of a tree to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitScope {
    /// All of it.
    Whole,
    /// The direct children of a unit.
    Children(UnitId),
    /// A unit and all below it.
    Subtree(UnitId),
}

/// One page of units, by id, which is by creation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitQuery {
    /// Which part of the tree.
    pub scope: UnitScope,
    /// Every word must begin a term of the name.
    pub words: SearchWords,
    /// The last one seen.
    pub after: Option<UnitId>,
    /// How many at most.
    pub limit: usize,
}

/// The part of a tree that lies above some units, those included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitAncestors(pub HashMap<UnitId, Option<UnitId>>);

impl UnitAncestors {
    /// Whether a unit is in it.
    pub fn contains(&self, unit: UnitId) -> bool {
        self.0.contains_key(&unit)
    }
}

impl UnitTree<UnitId> for UnitAncestors {
    fn parent(&self, unit: UnitId) -> Option<UnitId> {
        self.0.get(&unit).copied().flatten()
    }
}

/// Units.
#[async_trait]
pub trait UnitRepository: Send {
    /// Gives one.
    async fn find(&mut self, organization: OrganizationId, id: UnitId) -> Result<Option<Unit>, StorageError>;

    /// Gives the parents of these units and of all above them. Units that do not exist are left out.
    async fn ancestors(&mut self, organization: OrganizationId, ids: &[UnitId]) -> Result<UnitAncestors, StorageError>;

    /// Gives a unit and all below it, parents before children.
    async fn subtree(&mut self, organization: OrganizationId, id: UnitId) -> Result<Vec<Unit>, StorageError>;

    /// Lists units.
    async fn list(&mut self, organization: OrganizationId, query: &UnitQuery) -> Result<Page<Unit>, StorageError>;

    /// Counts what `list` would list, whatever its page.
    async fn count(&mut self, organization: OrganizationId, query: &UnitQuery) -> Result<u64, StorageError>;

    /// Stores a new one with its search terms. Fails on its name.
    async fn insert(&mut self, unit: &Unit) -> Result<(), StorageError>;

    /// Stores name, search terms, kind, parent and depth, and steps the version. Fails on its name,
    /// or as stale.
    async fn update(&mut self, unit: &mut Unit) -> Result<(), StorageError>;

    /// Adds to the depth of these units, at once.
    async fn shift_depth(&mut self, organization: OrganizationId, ids: &[UnitId], by: i32) -> Result<(), StorageError>;

    /// Deletes these units. Their entries must be gone, and those below them among them.
    async fn delete(&mut self, organization: OrganizationId, ids: &[UnitId]) -> Result<(), StorageError>;
}
