use std::cell::Cell;
use std::ops::Bound;

use imbl::{OrdMap, OrdSet, Vector};
use varco_domain::{MAX_UNIT_DEPTH, UnitId, UnitTree};

use super::interned::Interned;

/// The tree of an organization's units.
#[derive(Clone, Default)]
pub(super) struct Units {
    ids: Interned<UnitId>,
    /// By number.
    slots: Vector<Slot>,
    /// Those that exist, by identifier.
    standing: OrdMap<UnitId, u32>,
    /// Pairs of a unit and a unit right below it.
    children: OrdSet<(u32, u32)>,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    parent: Option<u32>,
    exists: bool,
}

impl Units {
    /// The number of a unit, which need not exist: an entry or a unit below may name it first.
    pub(super) fn intern(&mut self, unit: UnitId) -> u32 {
        let number = self.ids.intern(&unit);
        if self.slots.len() <= number as usize {
            self.slots.push_back(Slot::default());
        }
        number
    }

    pub(super) fn set(&mut self, unit: UnitId, parent: Option<UnitId>) {
        let number = self.intern(unit);
        let parent = parent.map(|parent| self.intern(parent));
        self.put(number, Slot { parent, exists: true });
        self.standing.insert(unit, number);
    }

    pub(super) fn remove(&mut self, unit: UnitId) {
        if let Some(number) = self.ids.number(&unit) {
            self.put(number, Slot::default());
            self.standing.remove(&unit);
        }
    }

    fn put(&mut self, number: u32, slot: Slot) {
        let old = self.slots.set(number as usize, slot);
        if let Some(parent) = old.parent {
            self.children.remove(&(parent, number));
        }
        if let Some(parent) = slot.parent {
            self.children.insert((parent, number));
        }
    }

    /// The number of a unit, whether it exists or not.
    pub(super) fn mentioned(&self, unit: UnitId) -> Option<u32> {
        self.ids.number(&unit)
    }

    /// The number of a unit that exists.
    pub(super) fn find(&self, unit: UnitId) -> Option<u32> {
        self.mentioned(unit).filter(|number| self.exists(*number))
    }

    pub(super) fn id(&self, number: u32) -> UnitId {
        *self.ids.key(number)
    }

    pub(super) fn exists(&self, number: u32) -> bool {
        self.slots.get(number as usize).is_some_and(|slot| slot.exists)
    }

    pub(super) fn count(&self) -> usize {
        self.standing.len()
    }

    /// Units right below this one.
    pub(super) fn children(&self, number: u32) -> impl Iterator<Item = u32> {
        self.children.range((number, 0)..=(number, u32::MAX)).map(|(_, child)| *child)
    }

    /// Units by identifier, those behind `after`.
    pub(super) fn behind(&self, after: Option<UnitId>) -> impl Iterator<Item = (UnitId, u32)> + use<'_> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.standing.range::<_, UnitId>((start, Bound::Unbounded)).map(|(id, number)| (*id, *number))
    }

    #[cfg(test)]
    pub(super) fn is_shared_with(&self, other: &Self) -> bool {
        self.standing.ptr_eq(&other.standing)
            && self.children.ptr_eq(&other.children)
            && self.slots.ptr_eq(&other.slots)
    }

    /// Every unit with the one above it.
    pub(super) fn iter(&self) -> impl Iterator<Item = (UnitId, Option<UnitId>)> {
        self.standing
            .iter()
            .map(|(unit, number)| (*unit, self.slots[*number as usize].parent.map(|above| self.id(above))))
    }

    /// The tree for one walk up.
    pub(super) fn walk(&self) -> Walk<'_> {
        Walk { units: self, steps: Cell::new(1) }
    }
}

/// A walk up the tree. It ends at the depth that no tree has: were facts ever wrong enough to form
/// a ring, the answer would be a denial and not a thread that never comes back.
pub(super) struct Walk<'a> {
    units: &'a Units,
    steps: Cell<u32>,
}

impl UnitTree<u32> for Walk<'_> {
    fn parent(&self, unit: u32) -> Option<u32> {
        let steps = self.steps.get();
        self.steps.set(steps + 1);
        self.units.slots.get(unit as usize)?.parent.filter(|_| steps < MAX_UNIT_DEPTH)
    }
}
