use std::ops::Bound;
use std::sync::Arc;

use super::super::shared::{Shared, own};

/// How many keys a leaf holds at most.
pub(super) const CAPACITY: usize = 64;

/// How many nodes a branch holds at most: see `Row`.
pub(super) const WIDTH: usize = 16;

/// A node that holds less than this part of what it may joins a neighbor.
const SMALL: usize = 3;

// Invariant: keys ascend, leaves are equally deep, and no node but the root is empty.
pub(super) enum Node<T> {
    Leaf(Arc<[T]>),
    Branch(Arc<[Child<T>]>),
}

#[derive(Clone)]
pub(super) struct Child<T> {
    /// The first key below.
    pub(super) first: T,
    pub(super) node: Node<T>,
}

impl<T> Clone for Node<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Leaf(keys) => Self::Leaf(Arc::clone(keys)),
            Self::Branch(children) => Self::Branch(Arc::clone(children)),
        }
    }
}

impl<T: Clone> Shared for Child<T> {
    fn owners(&self) -> usize {
        match &self.node {
            Node::Leaf(keys) => Arc::strong_count(keys),
            Node::Branch(children) => Arc::strong_count(children),
        }
    }
}

impl<T: Ord + Copy> Node<T> {
    pub(super) fn first(&self) -> Option<T> {
        match self {
            Self::Leaf(keys) => keys.first().copied(),
            Self::Branch(children) => children.first().map(|child| child.first),
        }
    }

    fn is_small(&self) -> bool {
        match self {
            Self::Leaf(keys) => keys.len() < CAPACITY / SMALL,
            Self::Branch(children) => children.len() < WIDTH / SMALL,
        }
    }

    /// Returns what had to move out to the right.
    pub(super) fn insert(&mut self, key: T) -> Option<Self> {
        match self {
            Self::Leaf(keys) => {
                let place = keys.binary_search(&key).err()?;
                insert_at(keys, place, key, CAPACITY).map(Self::Leaf)
            }
            Self::Branch(children) => {
                let place = place_for(children, &key);
                let child = own(children).get_mut(place)?;
                let right = child.node.insert(key);
                child.first = child.first.min(key);
                insert_at(children, place + 1, Child::of(right?)?, WIDTH).map(Self::Branch)
            }
        }
    }

    pub(super) fn remove(&mut self, key: &T) {
        match self {
            Self::Leaf(keys) => *keys = keys.iter().copied().filter(|other| other != key).collect(),
            Self::Branch(children) => {
                let place = place_for(children, key);
                let Some(child) = own(children).get_mut(place) else { return };
                child.node.remove(key);
                match child.node.first() {
                    Some(first) if !child.node.is_small() => child.first = first,
                    _ => join(children, place),
                }
            }
        }
    }

    /// Takes in what is right of it, and returns what has no room.
    fn append(&mut self, right: Self) -> Option<Self> {
        match (self, right) {
            (Self::Leaf(keys), Self::Leaf(more)) => {
                let all: Vec<_> = keys.iter().chain(&*more).copied().collect();
                let half = all.len() / 2;
                put(keys, all, CAPACITY, half).map(Self::Leaf)
            }
            (Self::Branch(children), Self::Branch(more)) => {
                let all: Vec<_> = children.iter().chain(&*more).cloned().collect();
                let half = all.len() / 2;
                put(children, all, WIDTH, half).map(Self::Branch)
            }
            // Siblings are equally deep.
            (_, right) => Some(right),
        }
    }

    /// The keys of one leaf that are not before a bound; none only if there are none at all.
    pub(super) fn keys_from(&self, bound: Bound<T>) -> &[T] {
        let is_before = |key: &T| match bound {
            Bound::Included(bound) => *key < bound,
            Bound::Excluded(bound) => *key <= bound,
            Bound::Unbounded => false,
        };
        match self {
            Self::Leaf(keys) => &keys[keys.partition_point(is_before)..],
            Self::Branch(children) => {
                let behind = children.partition_point(|child| is_before(&child.first));
                let candidates = children[behind.saturating_sub(1)..].iter().take(2);
                let mut found = candidates.map(|child| child.node.keys_from(bound));
                found.find(|keys| !keys.is_empty()).unwrap_or_default()
            }
        }
    }
}

impl<T: Ord + Copy> Child<T> {
    /// `None` for an empty node.
    pub(super) fn of(node: Node<T>) -> Option<Self> {
        node.first().map(|first| Self { first, node })
    }
}

/// The child that a key is below, or would be.
fn place_for<T: Ord>(children: &[Child<T>], key: &T) -> usize {
    children.partition_point(|child| child.first <= *key).saturating_sub(1)
}

/// Makes one of a small child and a neighbor, or two of equal size.
fn join<T: Ord + Copy>(children: &mut Arc<[Child<T>]>, place: usize) {
    let mut all = children.to_vec();
    let left = place.saturating_sub(1);
    let pair: Vec<_> = all.drain(left..all.len().min(left + 2)).map(|child| child.node).collect();
    let mut pair = pair.into_iter();
    let joined = pair.next().map(|mut node| {
        let rest = pair.next().and_then(|right| node.append(right));
        [Some(node), rest]
    });
    let joined = joined.into_iter().flatten().flatten().filter_map(Child::of);
    all.splice(left..left, joined);
    *children = all.into();
}

fn insert_at<I: Clone>(items: &mut Arc<[I]>, place: usize, item: I, max: usize) -> Option<Arc<[I]>> {
    let mut all = items.to_vec();
    all.insert(place, item);
    // Keys mostly come in order: what is added at the end begins a node of its own.
    put(items, all, max, if place == max { max } else { max / 2 })
}

/// Replaces the items, at most so many, and returns those behind the cut if they are more.
fn put<I>(items: &mut Arc<[I]>, mut all: Vec<I>, max: usize, cut: usize) -> Option<Arc<[I]>> {
    let rest = (all.len() > max).then(|| all.split_off(cut).into());
    *items = all.into();
    rest
}
