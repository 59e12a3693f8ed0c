#[cfg(test)]
mod tests;

use std::ops::Bound;
use std::sync::Arc;

use imbl::OrdMap;

/// How many keys a leaf holds at most.
const CAPACITY: usize = 64;

/// A leaf that shrinks below this joins its neighbors.
const SMALL: usize = CAPACITY / 3;

/// An ordered set whose leaves are exactly as long as what they hold: half the memory of
/// `imbl::OrdSet`, which matters where there is a key for every assignment.
#[derive(Clone)]
pub(crate) struct PackedSet<T> {
    /// Invariant: each leaf is sorted and not empty, stands under its first key, and ends before
    /// the next one begins.
    leaves: OrdMap<T, Arc<[T]>>,
}

impl<T: Ord> Default for PackedSet<T> {
    fn default() -> Self {
        Self { leaves: OrdMap::new() }
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
            let behind = self.leaves.range::<_, T>((Bound::Excluded(key), Bound::Unbounded)).next();
            let behind = behind.map(|(first, _)| *first);
            let before = self.leaves.range::<_, T>(..leaf[0]).next_back().map(|(first, _)| *first);
            keys.extend(self.take_small(behind));
            keys.splice(0..0, self.take_small(before));
        }
        self.put(first, &keys);
    }

    /// The keys from a bound on, ascending.
    pub(crate) fn from(&self, bound: Bound<T>) -> impl Iterator<Item = T> + use<'_, T> {
        let start = match bound {
            Bound::Included(key) | Bound::Excluded(key) => {
                self.leaves.get_prev(&key).map_or(Bound::Unbounded, |(first, _)| Bound::Included(*first))
            }
            Bound::Unbounded => Bound::Unbounded,
        };
        let is_before = move |key: &T| match bound {
            Bound::Included(bound) => *key < bound,
            Bound::Excluded(bound) => *key <= bound,
            Bound::Unbounded => false,
        };
        let leaves = self.leaves.range::<_, T>((start, Bound::Unbounded)).map(|(_, leaf)| leaf);
        leaves.flat_map(move |leaf| leaf[leaf.partition_point(is_before)..].iter().copied())
    }

    /// The leaf that a key is in, or would be.
    fn leaf_for(&self, key: &T) -> Arc<[T]> {
        let leaf = self.leaves.get_prev(key).or_else(|| self.leaves.get_min().map(|(first, leaf)| (first, leaf)));
        leaf.map(|(_, leaf)| Arc::clone(leaf)).unwrap_or_default()
    }

    /// Takes out the leaf that begins so, if it is small enough for three such to become one.
    fn take_small(&mut self, first: Option<T>) -> Vec<T> {
        let leaf = first.and_then(|first| self.leaves.get(&first)).filter(|leaf| leaf.len() <= SMALL);
        let Some(keys) = leaf.map(|leaf| leaf.to_vec()) else { return Vec::new() };
        self.leaves.remove(&keys[0]);
        keys
    }

    /// Puts a leaf in the place of the one that began with `first`.
    fn put(&mut self, first: Option<T>, keys: &[T]) {
        if let Some(first) = first.filter(|first| keys.first() != Some(first)) {
            self.leaves.remove(&first);
        }
        if let Some(first) = keys.first() {
            self.leaves.insert(*first, keys.into());
        }
    }
}
