use std::iter;
use std::sync::Arc;

use varco_domain::EntryLike;

/// How many words stand in place: three entries with two roles each, or one with ten.
const FEW: usize = 13;

/// All entries of one subject in one organization, in one piece of memory.
///
/// The words are: how many there are; their units, ascending; for each the end of its roles, with
/// the two flags in the lowest bits; all roles. Zeros may follow.
#[derive(Clone)]
pub(super) enum Entries {
    /// In place, so that neither reading nor copying them touches memory elsewhere.
    Few([u32; FEW]),
    Many(Arc<[u32]>),
}

impl Default for Entries {
    fn default() -> Self {
        Self::Few([0; FEW])
    }
}

/// One of them. Units and roles go by number.
#[derive(Clone, Copy)]
pub(super) struct CompactEntry<'a> {
    pub(super) roles: &'a [u32],
    pub(super) propagates: bool,
    pub(super) barrier: bool,
}

impl EntryLike for CompactEntry<'_> {
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

impl CompactEntry<'_> {
    /// Whether units below may get roles from it.
    pub(super) fn feeds(&self) -> bool {
        self.propagates && !self.roles.is_empty()
    }
}

const FLAG_BITS: u32 = 2;

struct Parts<'a> {
    units: &'a [u32],
    heads: &'a [u32],
    roles: &'a [u32],
}

impl<'a> Parts<'a> {
    fn entry(&self, place: usize) -> CompactEntry<'a> {
        let head = self.heads[place];
        let start = if place == 0 { 0 } else { self.heads[place - 1] >> FLAG_BITS };
        let roles = &self.roles[start as usize..(head >> FLAG_BITS) as usize];
        CompactEntry { roles, propagates: head & 1 == 1, barrier: head & 2 == 2 }
    }
}

impl Entries {
    fn words(&self) -> &[u32] {
        match self {
            Self::Few(words) => words,
            Self::Many(words) => words,
        }
    }

    fn parts(&self) -> Parts<'_> {
        let words = self.words();
        let (count, rest) = words.split_first().map_or((0, words), |(count, rest)| (*count as usize, rest));
        let (units, rest) = rest.split_at(count);
        let (heads, roles) = rest.split_at(count);
        Parts { units, heads, roles }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words().first().is_none_or(|count| *count == 0)
    }

    pub(super) fn find(&self, unit: u32) -> Option<CompactEntry<'_>> {
        let parts = self.parts();
        parts.units.binary_search(&unit).ok().map(|place| parts.entry(place))
    }

    /// Every entry with its unit.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, CompactEntry<'_>)> {
        let parts = self.parts();
        (0..parts.units.len()).map(move |place| (parts.units[place], parts.entry(place)))
    }

    /// Puts the entry of a unit in the place of the former one, or takes it away.
    pub(super) fn set(&mut self, unit: u32, entry: Option<CompactEntry<'_>>) {
        let before = self.iter().take_while(|(other, _)| *other < unit);
        let behind = self.iter().skip_while(|(other, _)| *other <= unit);
        let all: Vec<_> = before.chain(entry.map(|entry| (unit, entry))).chain(behind).collect();
        *self = Self::encode(&all);
    }

    fn encode(entries: &[(u32, CompactEntry<'_>)]) -> Self {
        let count = u32::try_from(entries.len()).expect("a subject has at most one entry for each unit");
        let mut end = 0;
        let heads = entries.iter().map(|(_, entry)| {
            end += u32::try_from(entry.roles.len()).expect("each role stands once in an entry");
            end << FLAG_BITS | u32::from(entry.barrier) << 1 | u32::from(entry.propagates)
        });
        let units = entries.iter().map(|(unit, _)| *unit);
        let roles = entries.iter().flat_map(|(_, entry)| entry.roles.iter().copied());
        let words: Vec<u32> = iter::once(count).chain(units).chain(heads).chain(roles).collect();
        let mut few = [0; FEW];
        match few.get_mut(..words.len()) {
            Some(place) => place.copy_from_slice(&words),
            None => return Self::Many(words.into()),
        }
        Self::Few(few)
    }
}
