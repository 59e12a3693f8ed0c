//! Numbers that look random and are the same in every run, and identifiers made of them.

use varco_domain::{OrganizationId, RoleId, ServiceAccountId, Timestamp, UnitId, UserId};

/// A generator of numbers (`SplitMix64`).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end as u64).unwrap()
    }

    pub(crate) fn is_heads(&mut self) -> bool {
        self.below(2) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Up to `most` of these.
    pub(crate) fn some<T: Clone>(&mut self, from: &[T], most: usize) -> Vec<T> {
        let count = self.below(most + 1);
        (0..count).map(|_| self.pick(from).clone()).collect()
    }
}

/// When every question is asked.
pub(crate) const NOW: Timestamp = Timestamp::from_micros(1_000);

/// An end, mostly none: a while ago, just now, or just not yet.
pub(crate) fn end(dice: &mut Dice) -> Option<Timestamp> {
    [999, 1_000, 1_001].get(dice.below(12)).map(|micros| Timestamp::from_micros(*micros))
}

/// Random bytes for an identifier: its order says nothing about its number.
fn bytes(number: usize) -> [u8; 10] {
    let mut dice = Dice::new(number as u64 * 7919 + 1);
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&dice.roll().to_be_bytes());
    bytes[8..].copy_from_slice(&dice.roll().to_be_bytes()[..2]);
    bytes
}

macro_rules! identifiers {
    ($($name:ident $id:ident)*) => {$(
        pub(crate) fn $name(number: usize) -> $id {
            $id::generate(Timestamp::EPOCH, bytes(number))
        }
    )*};
}

identifiers! { organization OrganizationId user UserId unit UnitId role RoleId service_account ServiceAccountId }
