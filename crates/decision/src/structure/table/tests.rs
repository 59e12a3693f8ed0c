use std::collections::HashMap;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

impl<K, V> Table<K, V> {
    /// How many buckets this one and another do not share.
    pub(crate) fn copied_buckets(&self, other: &Self) -> usize {
        let pairs = self.buckets.iter().zip(other.buckets.iter());
        pairs.filter(|(one, other)| !Arc::ptr_eq(one, other)).count()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn a_table_is_a_map(changes in prop::collection::vec((0_u16..400, any::<Option<u8>>()), 0..2000)) {
        let (mut table, mut map) = (Table::default(), HashMap::new());
        for (key, change) in changes {
            if let Some(value) = change {
                table.insert(key, value);
                map.insert(key, value);
            } else {
                table.remove(&key);
                map.remove(&key);
            }
        }
        prop_assert!((0..400).all(|key| table.get(&key) == map.get(&key)));
        prop_assert_eq!(table.iter().map(|(key, value)| (*key, *value)).collect::<HashMap<_, _>>(), map);
    }
}

#[test]
fn a_change_leaves_a_clone_alone_and_copies_one_bucket() {
    let mut table = Table::default();
    (0..10_000_u32).for_each(|key| table.insert(key, key));
    let before = table.clone();
    table.insert(77, 0);
    assert_eq!((before.get(&77), table.get(&77)), (Some(&77), Some(&0)));
    assert_eq!(before.copied_buckets(&table), 1);
}

#[test]
fn buckets_stay_short() {
    let mut table = Table::default();
    (0..100_000_u32).for_each(|key| table.insert(key, ()));
    assert!(table.buckets.iter().all(|bucket| bucket.len() < 10 * LOAD));
}
