#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::shared::{Shared, own};

/// How many slices or nodes a node holds at most. A change counts one more owner for each neighbor
/// on its way, and in a large row each is a cold line of memory: few of them are worth the depth.
const WIDTH: usize = 8;

/// A row of slices that shares with its clones what neither changed. It never shrinks.
///
/// It is what `imbl::Vector` is with nodes of 64, at a fraction of the cost of a single change.
#[derive(Clone)]
pub(crate) struct Row<T> {
    root: Node<T>,
    /// How many slices the root has room for.
    room: usize,
    len: usize,
}

// Invariant: all slices are equally deep, and all nodes but the last of each level full.
enum Node<T> {
    Branch(Arc<[Node<T>]>),
    Slice(Arc<[T]>),
}

impl<T> Clone for Node<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Branch(nodes) => Self::Branch(Arc::clone(nodes)),
            Self::Slice(items) => Self::Slice(Arc::clone(items)),
        }
    }
}

impl<T> Shared for Node<T> {
    fn owners(&self) -> usize {
        match self {
            Self::Branch(nodes) => Arc::strong_count(nodes),
            Self::Slice(items) => Arc::strong_count(items),
        }
    }
}

impl<T> Default for Row<T> {
    fn default() -> Self {
        Self { root: Node::Branch(Arc::default()), room: WIDTH, len: 0 }
    }
}

impl<T> Row<T> {
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, place: usize) -> Option<&Arc<[T]>> {
        let (mut node, mut room) = (&self.root, self.room);
        if place >= self.len {
            return None;
        }
        loop {
            room /= WIDTH;
            match node {
                Node::Branch(nodes) => node = nodes.get(place.checked_div(room)? % WIDTH)?,
                Node::Slice(items) => return Some(items),
            }
        }
    }

    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut Arc<[T]>> {
        let (mut node, mut room) = (&mut self.root, self.room);
        if place >= self.len {
            return None;
        }
        loop {
            room /= WIDTH;
            match node {
                Node::Branch(nodes) => node = own(nodes).get_mut(place.checked_div(room)? % WIDTH)?,
                Node::Slice(items) => return Some(items),
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<[T]>> {
        (0..self.len).filter_map(|place| self.get(place))
    }

    pub(crate) fn push(&mut self, items: Arc<[T]>) {
        if self.len == self.room {
            self.root = Node::Branch([self.root.clone()].into());
            self.room *= WIDTH;
        }
        self.root.push(self.len, self.room / WIDTH, items);
        self.len += 1;
    }
}

impl<T> Node<T> {
    /// Puts a slice behind the last; each child has room for so many.
    fn push(&mut self, place: usize, room: usize, items: Arc<[T]>) {
        let Self::Branch(nodes) = self else { return };
        if place.is_multiple_of(room) {
            *nodes = nodes.iter().cloned().chain([Self::of_one(room, items)]).collect();
        } else if let Some(last) = own(nodes).last_mut() {
            last.push(place, room / WIDTH, items);
        }
    }

    fn of_one(room: usize, items: Arc<[T]>) -> Self {
        match room {
            1 => Self::Slice(items),
            room => Self::Branch([Self::of_one(room / WIDTH, items)].into()),
        }
    }
}
