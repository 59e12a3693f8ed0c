//! Effective roles, found by walking up.

use std::collections::{BTreeMap, BTreeSet};

use varco_domain::{RoleId, SubjectEntries, UnitId, UnitTree};

#[derive(Clone, Default)]
pub(crate) struct Tree(pub(crate) BTreeMap<UnitId, Option<UnitId>>);

impl UnitTree<UnitId> for Tree {
    fn parent(&self, unit: UnitId) -> Option<UnitId> {
        self.0[&unit]
    }
}

impl Tree {
    pub(crate) fn units(&self) -> impl Iterator<Item = UnitId> {
        self.0.keys().copied()
    }

    /// Whether a unit is somewhere below another.
    pub(crate) fn is_below(&self, unit: UnitId, above: UnitId) -> bool {
        self.0[&unit].is_some_and(|parent| parent == above || self.is_below(parent, above))
    }
}

/// What is held at a unit, and where it comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Held {
    pub(crate) roles: BTreeSet<RoleId>,
    pub(crate) source: Option<UnitId>,
}

fn held(entries: &SubjectEntries, tree: &Tree, unit: UnitId) -> Held {
    if let Some(entry) = entries.get(unit) {
        return Held { roles: entry.roles.clone(), source: None };
    }
    let mut above = tree.0[&unit];
    while let Some(unit) = above {
        match entries.get(unit) {
            Some(entry) if entry.propagates && !entry.roles.is_empty() => {
                return Held { roles: entry.roles.clone(), source: Some(unit) };
            }
            Some(entry) if entry.propagates || entry.barrier => return Held::default(),
            _ => above = tree.0[&unit],
        }
    }
    Held::default()
}

/// What is held everywhere.
pub(crate) fn all_held(entries: &SubjectEntries, tree: &Tree) -> BTreeMap<UnitId, Held> {
    tree.units().map(|unit| (unit, held(entries, tree, unit))).collect()
}
