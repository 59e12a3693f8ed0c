use std::collections::{BTreeMap, BTreeSet};

use super::Entry;
use super::provision::{Provision, UnitTree, provision, provision_from_above};
use crate::{RoleId, UnitId};

/// How inheritance treats the units below that have entries of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InheritanceMode {
    /// Every unit below gets exactly these roles.
    Replace,
    /// Units below with roles of their own keep them.
    Keep,
}

/// Why an operation on entries is refused. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssignmentRefused {
    /// The subject inherits here.
    #[error("the subject inherits its roles at this unit; break inheritance there first")]
    InheritedHere,
    /// The subject has no roles of its own here.
    #[error("the subject has no roles of its own at this unit; grant some first")]
    NoRolesHere,
    /// The entry does not pass its roles on.
    #[error("the subject's roles at this unit are not passed on to the units below")]
    NotPropagating,
    /// The subject inherits nothing here.
    #[error("the subject inherits nothing at this unit")]
    NotInherited,
}

/// All entries of one subject in one organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectEntries(BTreeMap<UnitId, Entry>);

impl SubjectEntries {
    /// Takes entries from storage.
    pub fn new(entries: BTreeMap<UnitId, Entry>) -> Self {
        Self(entries)
    }

    /// The entry at a unit.
    pub fn get(&self, unit: UnitId) -> Option<&Entry> {
        self.0.get(&unit)
    }

    /// Every entry with its unit.
    pub fn iter(&self) -> impl Iterator<Item = (UnitId, &Entry)> {
        self.0.iter().map(|(unit, entry)| (*unit, entry))
    }

    /// Where the subject's roles in a unit come from.
    pub fn provision(&self, tree: &impl UnitTree<UnitId>, unit: UnitId) -> Provision<UnitId, &Entry> {
        provision(tree, unit, |at| self.0.get(&at))
    }

    fn refuse_inherited(&self, tree: &impl UnitTree<UnitId>, unit: UnitId) -> Result<(), AssignmentRefused> {
        match self.provision(tree, unit) {
            Provision::Inherited { .. } => Err(AssignmentRefused::InheritedHere),
            Provision::Direct(_) | Provision::Nothing => Ok(()),
        }
    }

    /// Adds roles at a unit.
    pub fn grant(
        &mut self,
        tree: &impl UnitTree<UnitId>,
        unit: UnitId,
        roles: &BTreeSet<RoleId>,
    ) -> Result<(), AssignmentRefused> {
        self.refuse_inherited(tree, unit)?;
        if !roles.is_empty() {
            self.0.entry(unit).or_default().roles.extend(roles);
        }
        Ok(())
    }

    /// Removes roles at a unit. An entry left empty stays where it is a barrier, or where its
    /// absence would let roles in from above: taking away never gives.
    pub fn revoke(
        &mut self,
        tree: &impl UnitTree<UnitId>,
        unit: UnitId,
        roles: &BTreeSet<RoleId>,
    ) -> Result<(), AssignmentRefused> {
        self.refuse_inherited(tree, unit)?;
        let Some(entry) = self.0.get_mut(&unit) else {
            return Ok(());
        };
        entry.roles.retain(|role| !roles.contains(role));
        let is_needed = !entry.roles.is_empty() || entry.barrier;
        let is_fed = || provision_from_above(tree, unit, |at| self.0.get(&at)) != Provision::Nothing;
        if !is_needed && !is_fed() {
            self.0.remove(&unit);
        }
        Ok(())
    }

    /// Passes the roles at a unit on to all units below.
    pub fn enable(
        &mut self,
        tree: &impl UnitTree<UnitId>,
        unit: UnitId,
        mode: InheritanceMode,
    ) -> Result<(), AssignmentRefused> {
        self.refuse_inherited(tree, unit)?;
        let source = self.0.get_mut(&unit).filter(|entry| !entry.roles.is_empty());
        let source = source.ok_or(AssignmentRefused::NoRolesHere)?;
        source.propagates = true;
        source.barrier = false;
        self.0.retain(|at, entry| !is_below(tree, *at, unit) || kept(entry, mode));
        Ok(())
    }

    /// Stops passing on, and lets nothing from further up through either.
    pub fn disable(&mut self, unit: UnitId) -> Result<(), AssignmentRefused> {
        let source = self.0.get_mut(&unit).filter(|entry| entry.propagates);
        let source = source.ok_or(AssignmentRefused::NotPropagating)?;
        source.propagates = false;
        source.barrier = true;
        Ok(())
    }

    /// Turns the inherited roles at a unit into direct ones and ends the chain there.
    pub fn break_inheritance(&mut self, tree: &impl UnitTree<UnitId>, unit: UnitId) -> Result<(), AssignmentRefused> {
        let Provision::Inherited { entry, .. } = self.provision(tree, unit) else {
            return Err(AssignmentRefused::NotInherited);
        };
        let copy = Entry { roles: entry.roles.clone(), propagates: false, barrier: true };
        self.0.insert(unit, copy);
        Ok(())
    }

    /// What has changed since `before`: for each unit the entry then and the entry now.
    pub fn changes_since<'a>(&'a self, before: &'a Self) -> Vec<(UnitId, Option<&'a Entry>, Option<&'a Entry>)> {
        let units: BTreeSet<UnitId> = self.0.keys().chain(before.0.keys()).copied().collect();
        let pairs = units.into_iter().map(|unit| (unit, before.get(unit), self.get(unit)));
        pairs.filter(|(_, then, now)| then != now).collect()
    }
}

/// What becomes of an entry below a unit whose inheritance is enabled; `false` deletes it.
fn kept(entry: &mut Entry, mode: InheritanceMode) -> bool {
    match mode {
        InheritanceMode::Replace => false,
        InheritanceMode::Keep => {
            entry.barrier = false;
            !entry.roles.is_empty()
        }
    }
}

fn is_below(tree: &impl UnitTree<UnitId>, unit: UnitId, above: UnitId) -> bool {
    let mut next = tree.parent(unit);
    while let Some(parent) = next {
        if parent == above {
            return true;
        }
        next = tree.parent(parent);
    }
    false
}
