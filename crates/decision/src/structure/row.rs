#[cfg(test)]
mod tests;

use std::sync::Arc;

/// How many items or nodes a node holds at most. A change counts one more owner for each neighbor
/// on its way, and in a large row each is a cold line of memory: few of them are worth the depth.
const WIDTH: usize = 8;

/// A row of items that shares with its clones what neither changed. It never shrinks.
///
/// It is what `imbl::Vector` is with nodes of 64, at a fraction of the cost of a single change.
#[derive(Clone)]
pub(crate) struct Row<T> {
    root: Node<T>,
    /// How many items the root has room for.
    room: usize,
    len: usize,
}

// Invariant: all leaves are equally deep, and all nodes but the last of each level full.
#[derive(Clone)]
enum Node<T> {
    Branch(Arc<[Node<T>]>),
    Leaf(Arc<[T]>),
}

impl<T> Default for Row<T> {
    fn default() -> Self {
        Self { root: Node::Leaf(Arc::default()), room: WIDTH, len: 0 }
    }
}

impl<T> Row<T> {
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        let (mut node, mut room) = (&self.root, self.room);
        if place >= self.len {
            return None;
        }
        loop {
            room /= WIDTH;
            match node {
                Node::Branch(nodes) => node = nodes.get(place / room % WIDTH)?,
                Node::Leaf(items) => return items.get(place % WIDTH),
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.len).filter_map(|place| self.get(place))
    }
}

impl<T: Clone> Row<T> {
    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        let (mut node, mut room) = (&mut self.root, self.room);
        if place >= self.len {
            return None;
        }
        loop {
            room /= WIDTH;
            match node {
                Node::Branch(nodes) => node = Arc::make_mut(nodes).get_mut(place / room % WIDTH)?,
                Node::Leaf(items) => return Arc::make_mut(items).get_mut(place % WIDTH),
            }
        }
    }

    pub(crate) fn push(&mut self, item: T) {
        if self.len == self.room {
            self.root = Node::Branch([self.root.clone()].into());
            self.room *= WIDTH;
        }
        self.root.push(self.len, self.room / WIDTH, item);
        self.len += 1;
    }
}

impl<T: Clone> Node<T> {
    /// Puts an item behind the last; each child has room for so many.
    fn push(&mut self, place: usize, room: usize, item: T) {
        match self {
            Self::Leaf(items) => *items = longer(items, item),
            Self::Branch(nodes) if place.is_multiple_of(room) => *nodes = longer(nodes, Self::of_one(room, item)),
            Self::Branch(nodes) => {
                if let Some(last) = Arc::make_mut(nodes).last_mut() {
                    last.push(place, room / WIDTH, item);
                }
            }
        }
    }

    fn of_one(room: usize, item: T) -> Self {
        match room {
            ..=WIDTH => Self::Leaf([item].into()),
            room => Self::Branch([Self::of_one(room / WIDTH, item)].into()),
        }
    }
}

fn longer<T: Clone>(items: &[T], last: T) -> Arc<[T]> {
    items.iter().cloned().chain([last]).collect()
}
