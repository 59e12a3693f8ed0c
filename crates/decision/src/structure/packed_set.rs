#[cfg(test)]
mod tests;

use std::ops::Bound;
use std::sync::Arc;

use imbl::{OrdMap, Vector};

use super::row::Row;

/// How many keys a leaf holds at most.
const CAPACITY: usize = 64;

/// A leaf that shrinks below this joins its neighbors.
const SMALL: usize = CAPACITY / 3;

/// An ordered set whose leaves are exactly as long as what they hold: half the memory of
/// `imbl::OrdSet`, which matters where there is a key for every assignment.
///
/// The tree knows leaves by place, so a change within a leaf copies nothing of the tree.
#[derive(Clone)]
pub(crate) struct PackedSet<T> {
    /// Invariant: each leaf is sorted and not empty, stands under its first key, and ends before
    /// the next one begins.
    places: OrdMap<T, u32>,
    leaves: Row<Arc<[T]>>,
    /// Places without a leaf.
    free: Vector<u32>,
}

impl<T: Ord> Default for PackedSet<T> {
    fn default() -> Self {
        Self { places: OrdMap::new(), leaves: Row::default(), free: Vector::new() }
    }
}

impl<T: Ord + Copy> PackedSet<T> {
    pub(crate) fn insert(&mut self, key: T) {
        let leaf = self.leaf_for(&key);
        let Err(place) = leaf.binary_search(&key) else { return };
        let first = leaf.first().copied();
        let mut keys = leaf.to_vec();
        keys.insert(place, key);
        if keys.len() > CAPACITY {
            // Keys mostly come in order: what is added at the end begins a leaf of its own.
            let half = if place == CAPACITY { CAPACITY } else { CAPACITY / 2 };
            self.put(None, &keys.split_off(half));
        }
        self.put(first, &keys);
    }

    pub(crate) fn remove(&mut self, key: &T) {
        let leaf = self.leaf_for(key);
        let Ok(place) = leaf.binary_search(key) else { return };
        let first = leaf.first().copied();
        let mut keys = leaf.to_vec();
        keys.remove(place);
        if keys.len() < SMALL {
            let behind = self.places.range::<_, T>((Bound::Excluded(key), Bound::Unbounded)).next();
            let behind = behind.map(|(first, _)| *first);
            let before = self.places.range::<_, T>(..leaf[0]).next_back().map(|(first, _)| *first);
            keys.extend(self.take_small(behind));
            keys.splice(0..0, self.take_small(before));
        }
        self.put(first, &keys);
    }

    /// The keys from a bound on, ascending.
    pub(crate) fn from(&self, bound: Bound<T>) -> impl Iterator<Item = T> + use<'_, T> {
        let start = match bound {
            Bound::Included(key) | Bound::Excluded(key) => {
                self.places.get_prev(&key).map_or(Bound::Unbounded, |(first, _)| Bound::Included(*first))
            }
            Bound::Unbounded => Bound::Unbounded,
        };
        let is_before = move |key: &T| match bound {
            Bound::Included(bound) => *key < bound,
            Bound::Excluded(bound) => *key <= bound,
            Bound::Unbounded => false,
        };
        let places = self.places.range::<_, T>((start, Bound::Unbounded));
        let leaves = places.filter_map(|(_, place)| self.leaves.get(*place as usize));
        leaves.flat_map(move |leaf| leaf[leaf.partition_point(is_before)..].iter().copied())
    }

    /// The leaf that a key is in, or would be.
    fn leaf_for(&self, key: &T) -> Arc<[T]> {
        let place = self.places.get_prev(key).or_else(|| self.places.get_min().map(|(first, place)| (first, place)));
        place.and_then(|(_, place)| self.leaves.get(*place as usize)).cloned().unwrap_or_default()
    }

    /// Takes out the leaf that begins so, if it is small enough for three such to become one.
    fn take_small(&mut self, first: Option<T>) -> Vec<T> {
        let place = first.and_then(|first| self.places.get(&first));
        let leaf = place.and_then(|place| self.leaves.get(*place as usize)).filter(|leaf| leaf.len() <= SMALL);
        let Some(keys) = leaf.map(|leaf| leaf.to_vec()) else { return Vec::new() };
        self.take(&keys[0]);
        keys
    }

    fn take(&mut self, first: &T) {
        let Some(place) = self.places.remove(first) else { return };
        self.free.push_back(place);
        if let Some(leaf) = self.leaves.get_mut(place as usize) {
            *leaf = Arc::default();
        }
    }

    /// Puts a leaf in the place of the one that began with `first`.
    fn put(&mut self, first: Option<T>, keys: &[T]) {
        if let Some(first) = first.filter(|first| keys.first() != Some(first)) {
            self.take(&first);
        }
        let Some(first) = keys.first() else { return };
        let place = self.places.get(first).copied().unwrap_or_else(|| self.open(*first));
        if let Some(leaf) = self.leaves.get_mut(place as usize) {
            *leaf = keys.into();
        }
    }

    /// A place for the leaf that begins so.
    fn open(&mut self, first: T) -> u32 {
        let place = self.free.pop_back().unwrap_or_else(|| {
            self.leaves.push(Arc::default());
            u32::try_from(self.leaves.len() - 1).expect("four thousand million leaves do not fit in memory")
        });
        self.places.insert(first, place);
        place
    }
}
