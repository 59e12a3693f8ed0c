mod node;
#[cfg(test)]
mod tests;

use std::iter;
use std::ops::Bound;
use std::sync::Arc;

use node::{Child, Node};

/// An ordered set whose nodes are exactly as long as what they hold (a B-tree): half the memory of
/// `imbl::OrdSet`, which matters where there is a key for every assignment, and next to none while
/// it is small.
///
/// A clone is free and a change copies one node of each level.
#[derive(Clone)]
pub(crate) struct PackedSet<T> {
    root: Node<T>,
}

impl<T> Default for PackedSet<T> {
    fn default() -> Self {
        Self { root: Node::Leaf(Arc::default()) }
    }
}

impl<T: Ord + Copy> PackedSet<T> {
    pub(crate) fn insert(&mut self, key: T) {
        if let Some(right) = self.root.insert(key) {
            let left = self.root.clone();
            self.root = Node::Branch([left, right].into_iter().filter_map(Child::of).collect());
        }
    }

    pub(crate) fn remove(&mut self, key: &T) {
        self.root.remove(key);
        while let Node::Branch(children) = &self.root {
            self.root = match &**children {
                [] => Node::Leaf(Arc::default()),
                [only] => only.node.clone(),
                _ => return,
            };
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.root.first().is_none()
    }

    /// The keys from a bound on, ascending.
    pub(crate) fn from(&self, bound: Bound<T>) -> impl Iterator<Item = T> + use<'_, T> {
        let mut keys = self.root.keys_from(bound);
        iter::from_fn(move || {
            let (first, rest) = keys.split_first()?;
            keys = if rest.is_empty() { self.root.keys_from(Bound::Excluded(*first)) } else { rest };
            Some(*first)
        })
    }
}
