use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn a_table_is_a_map(changes in prop::collection::vec((0_u16..400, any::<Option<u8>>()), 0..2000)) {
        let (mut table, mut map) = (Table::default(), HashMap::new());
        for (key, change) in changes {
            match change {
                Some(value) => {
                    table.insert(key, value);
                    map.insert(key, value);
                }
                None => {
                    table.remove(&key);
                    map.remove(&key);
                }
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
    let pairs = before.buckets.iter().zip(&table.buckets);
    assert_eq!(pairs.filter(|(then, now)| !Arc::ptr_eq(then, now)).count(), 1);
}

#[test]
fn buckets_stay_short() {
    let mut table = Table::default();
    (0..100_000_u32).for_each(|key| table.insert(key, ()));
    assert!(table.buckets.iter().all(|bucket| bucket.len() < 10 * LOAD));
}
