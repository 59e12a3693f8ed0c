//! Random trees and operations, the same in every run.

use std::collections::BTreeSet;

use varco_domain::{AssignmentRefused, InheritanceMode, RoleId, SubjectEntries, Timestamp, UnitId};

use crate::effective::Tree;

#[derive(Clone, Debug)]
pub(crate) enum Operation {
    Grant(BTreeSet<RoleId>),
    Revoke(BTreeSet<RoleId>),
    Enable(InheritanceMode),
    Disable,
    Break,
}

/// Does an operation at a unit.
pub(crate) type Operate = fn(&mut SubjectEntries, &Tree, UnitId, &Operation) -> Result<(), AssignmentRefused>;

/// As the domain does it.
pub(crate) fn operate(
    entries: &mut SubjectEntries,
    tree: &Tree,
    unit: UnitId,
    operation: &Operation,
) -> Result<(), AssignmentRefused> {
    match operation {
        Operation::Grant(roles) => entries.grant(tree, unit, roles),
        Operation::Revoke(roles) => entries.revoke(tree, unit, roles),
        Operation::Enable(mode) => entries.enable(tree, unit, *mode),
        Operation::Disable => entries.disable(unit),
        Operation::Break => entries.break_inheritance(tree, unit),
    }
}

/// A generator of numbers (`SplitMix64`).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, end: u8) -> u8 {
        u8::try_from(self.roll() % u64::from(end)).unwrap()
    }

    fn roles(&mut self) -> BTreeSet<RoleId> {
        let count = self.below(4);
        (0..count).map(|_| role(self.below(ROLES))).collect()
    }

    /// A tree in which each unit hangs below one of those before it.
    pub(crate) fn tree(&mut self) -> Tree {
        let parents = (0..UNITS).map(|number| (unit(number), (number > 0).then(|| unit(self.below(number.max(1))))));
        Tree(parents.collect())
    }

    pub(crate) fn unit(&mut self) -> UnitId {
        unit(self.below(UNITS))
    }

    /// Hangs a unit elsewhere, if that makes no ring.
    pub(crate) fn shake(&mut self, tree: &mut Tree) {
        let (moved, parent) = (self.unit(), self.unit());
        if moved != unit(0) && moved != parent && !tree.is_below(parent, moved) {
            tree.0.insert(moved, Some(parent));
        }
    }

    pub(crate) fn operation(&mut self) -> Operation {
        match self.below(16) {
            0..6 => Operation::Grant(self.roles()),
            6..8 => Operation::Revoke(self.roles()),
            8 => Operation::Revoke((0..ROLES).map(role).collect()),
            9..12 => Operation::Enable(InheritanceMode::Keep),
            12 => Operation::Enable(InheritanceMode::Replace),
            13 => Operation::Disable,
            _ => Operation::Break,
        }
    }
}

const UNITS: u8 = 12;
const ROLES: u8 = 5;

fn unit(number: u8) -> UnitId {
    UnitId::generate(Timestamp::EPOCH, [number; 10])
}

fn role(number: u8) -> RoleId {
    RoleId::generate(Timestamp::EPOCH, [number; 10])
}
