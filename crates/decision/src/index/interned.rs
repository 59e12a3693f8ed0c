use std::borrow::Borrow;
use std::hash::Hash;

use imbl::Vector;

use crate::structure::Table;

/// Keys and the small numbers that stand for them, from 0.
///
/// Invariant: a number stands for one key for ever. What is deleted keeps its number until the
/// index is built anew, so nothing that still mentions it can come to mean another thing.
#[derive(Clone)]
pub(super) struct Interned<K> {
    numbers: Table<K, u32>,
    keys: Vector<K>,
}

impl<K> Default for Interned<K> {
    fn default() -> Self {
        Self { numbers: Table::default(), keys: Vector::new() }
    }
}

impl<K: Hash + Eq + Clone> Interned<K> {
    pub(super) fn number<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<u32>
    where
        K: Borrow<Q>,
    {
        self.numbers.get(key).copied()
    }

    /// The number of a key, new if need be.
    pub(super) fn intern(&mut self, key: &K) -> u32 {
        if let Some(number) = self.number(key) {
            return number;
        }
        let number = u32::try_from(self.keys.len()).expect("four thousand million keys do not fit in memory");
        self.keys.push_back(key.clone());
        self.numbers.insert(key.clone(), number);
        number
    }

    /// The key of a number that `intern` gave.
    pub(super) fn key(&self, number: u32) -> &K {
        &self.keys[number as usize]
    }
}
