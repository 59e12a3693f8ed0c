use std::collections::{BTreeSet, HashSet};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::node::{CAPACITY, WIDTH};
use super::*;

impl<T: Ord + Copy> PackedSet<T> {
    /// How many leaves this one does not share with another.
    pub(crate) fn copied_leaves(&self, other: &Self) -> usize {
        let others: HashSet<_> = other.root.leaves().into_iter().map(Arc::as_ptr).collect();
        self.root.leaves().into_iter().filter(|leaf| !others.contains(&Arc::as_ptr(leaf))).count()
    }

    fn is_sane(&self) -> bool {
        let leaves = self.root.leaves();
        let is_full = leaves.iter().all(|leaf| leaf.len() <= CAPACITY && (leaves.len() == 1 || !leaf.is_empty()));
        let depths: HashSet<_> = self.root.depths().into_iter().collect();
        is_full && depths.len() == 1 && self.root.is_labeled() && leaves.iter().flat_map(|leaf| leaf.iter()).is_sorted()
    }
}

impl<T: Ord + Copy> Node<T> {
    fn children(&self) -> &[Child<T>] {
        match self {
            Self::Leaf(_) => &[],
            Self::Branch(children) => children,
        }
    }

    fn leaves(&self) -> Vec<&Arc<[T]>> {
        match self {
            Self::Leaf(keys) => vec![keys],
            Self::Branch(children) => children.iter().flat_map(|child| child.node.leaves()).collect(),
        }
    }

    /// Of each leaf.
    fn depths(&self) -> Vec<usize> {
        match self {
            Self::Leaf(_) => vec![0],
            Self::Branch(children) => {
                children.iter().flat_map(|child| child.node.depths()).map(|depth| depth + 1).collect()
            }
        }
    }

    fn is_labeled(&self) -> bool {
        let children = self.children();
        let are_labeled =
            children.iter().all(|child| child.node.first() == Some(child.first) && child.node.is_labeled());
        are_labeled && children.len() <= WIDTH
    }
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn a_packed_set_is_an_ordered_set(changes in prop::collection::vec((0_u16..600, any::<bool>()), 0..3000), start in 0_u16..600) {
        let (mut packed, mut set) = (PackedSet::default(), BTreeSet::new());
        for (key, is_in) in changes {
            if is_in {
                packed.insert(key);
                set.insert(key);
            } else {
                packed.remove(&key);
                set.remove(&key);
            }
        }
        prop_assert!(packed.is_sane());
        prop_assert!(packed.from(Bound::Unbounded).eq(set.iter().copied()));
        prop_assert!(packed.from(Bound::Included(start)).eq(set.range(start..).copied()));
        prop_assert!(packed.from(Bound::Excluded(start)).eq(set.range(start + 1..).copied()));
    }
}

#[test]
fn keys_that_come_in_order_fill_their_leaves() {
    let mut packed = PackedSet::default();
    (0..6400_u32).for_each(|key| packed.insert(key));
    assert_eq!(packed.root.leaves().len(), 100);
    (0..6400_u32).for_each(|key| packed.remove(&key));
    assert!(packed.is_empty() && packed.is_sane());
}

#[test]
fn a_set_that_empties_at_random_keeps_no_crumbs() {
    let mut packed = PackedSet::default();
    (0..6400_u32).for_each(|key| packed.insert(key));
    (0..6400_u32).filter(|key| key % 64 != 0).for_each(|key| packed.remove(&key));
    assert!(packed.is_sane());
    assert!(packed.root.leaves().len() < 20, "{}", packed.root.leaves().len());
}
