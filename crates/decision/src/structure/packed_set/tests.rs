use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

impl<T: Ord + Copy> PackedSet<T> {
    /// How many leaves this one does not share with another.
    pub(crate) fn copied_leaves(&self, other: &Self) -> usize {
        let is_shared =
            |(first, leaf): &(&T, &Arc<[T]>)| other.leaves.get(*first).is_some_and(|it| Arc::ptr_eq(leaf, it));
        self.leaves.iter().filter(|leaf| !is_shared(leaf)).count()
    }

    fn is_sane(&self) -> bool {
        let leaves: Vec<_> = self.leaves.iter().collect();
        let each = leaves.iter().all(|(first, leaf)| leaf.first() == Some(*first) && leaf.len() <= CAPACITY);
        each && leaves.iter().flat_map(|(_, leaf)| leaf.iter()).is_sorted()
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
    assert_eq!(packed.leaves.len(), 100);
    (0..6400_u32).for_each(|key| packed.remove(&key));
    assert!(packed.leaves.is_empty());
}

#[test]
fn a_set_that_empties_at_random_keeps_no_crumbs() {
    let mut packed = PackedSet::default();
    (0..6400_u32).for_each(|key| packed.insert(key));
    (0..6400_u32).filter(|key| key % 64 != 0).for_each(|key| packed.remove(&key));
    assert!(packed.leaves.len() < 20, "{}", packed.leaves.len());
}
