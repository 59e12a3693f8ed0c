#[cfg(test)]
mod tests;

use std::hash::{BuildHasher, Hash};
use std::mem;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::row::Row;

/// How many pairs a bucket holds on average.
const LOAD: usize = 3;

/// Keys are identifiers that the service made or names that an operator chose, so nobody can aim
/// for collisions, and a fixed seed keeps equal histories equal.
const HASHER: FixedState = FixedState::with_seed(0);

/// A hash table that grows by one bucket at a time (linear hashing), so no change ever pays for
/// the size of the whole. It never shrinks.
///
/// It takes a third of the memory of `imbl::HashMap`, whose nodes have room for 16 or 32 pairs
/// each, and answers as fast.
#[derive(Clone)]
pub(crate) struct Table<K, V> {
    buckets: Row<(K, V)>,
    count: usize,
}

type Bucket<K, V> = Arc<[(K, V)]>;

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { buckets: Row::default(), count: 0 }
    }
}

/// Which of `buckets` a hash belongs to: its low bits, one fewer if that bucket is yet to come.
fn address(hash: u64, buckets: usize) -> usize {
    let mask = buckets.next_power_of_two() - 1;
    // The mask leaves nothing that the conversion could lose.
    let place = usize::try_from(hash & mask as u64).unwrap_or(0);
    if place < buckets { place } else { place & (mask >> 1) }
}

impl<K, V> Table<K, V> {
    /// Every pair, in no useful order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.buckets.iter().flat_map(|bucket| bucket.iter().map(|(key, value)| (key, value)))
    }

    pub(crate) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
    {
        let bucket = self.buckets.get(address(HASHER.hash_one(key), self.buckets.len()))?;
        bucket.iter().find(|(other, _)| other.borrow() == key).map(|(_, value)| value)
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Table<K, V> {
    pub(crate) fn insert(&mut self, key: K, value: V) {
        if let Err((key, value)) = self.replace(key, value) {
            self.add(key, value);
        }
    }

    /// Changes the value of a key, which starts as the default.
    pub(crate) fn upsert(&mut self, key: K, change: impl FnOnce(&mut V))
    where
        V: Default,
    {
        if let Some(value) = self.get_mut(&key) {
            return change(value);
        }
        let mut value = V::default();
        change(&mut value);
        self.add(key, value);
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let bucket = self.bucket_mut(key)?;
        let place = bucket.iter().position(|(other, _)| other == key)?;
        Some(&mut Arc::make_mut(bucket)[place].1)
    }

    pub(crate) fn remove(&mut self, key: &K) {
        let Some(bucket) = self.bucket_mut(key) else { return };
        if bucket.iter().any(|(other, _)| other == key) {
            *bucket = bucket.iter().filter(|(other, _)| other != key).cloned().collect();
            self.count -= 1;
        }
    }

    fn bucket_mut(&mut self, key: &K) -> Option<&mut Bucket<K, V>> {
        let place = address(HASHER.hash_one(key), self.buckets.len());
        self.buckets.get_mut(place)
    }

    fn replace(&mut self, key: K, value: V) -> Result<(), (K, V)> {
        match self.get_mut(&key) {
            Some(old) => *old = value,
            None => return Err((key, value)),
        }
        Ok(())
    }

    fn add(&mut self, key: K, value: V) {
        if self.count >= self.buckets.len() * LOAD {
            self.grow();
        }
        self.count += 1;
        if let Some(bucket) = self.bucket_mut(&key) {
            *bucket = bucket.iter().cloned().chain([(key, value)]).collect();
        }
    }

    /// Adds a bucket and moves into it what belongs there: all of it lies in one other bucket.
    fn grow(&mut self) {
        let new = self.buckets.len();
        self.buckets.push(Arc::default());
        let Some(top) = new.checked_ilog2() else { return };
        let Some(old) = self.buckets.get_mut(new ^ 1 << top) else { return };
        let split = mem::take(old);
        let moves = |key: &K| address(HASHER.hash_one(key), new + 1) == new;
        *old = split.iter().filter(|(key, _)| !moves(key)).cloned().collect();
        if let Some(bucket) = self.buckets.get_mut(new) {
            *bucket = split.iter().filter(|(key, _)| moves(key)).cloned().collect();
        }
    }
}
