use super::*;

impl<T> Row<T> {
    /// How many nodes and slices this one and another, equally long, do not share.
    fn copied_nodes(&self, other: &Self) -> usize {
        self.root.copied_nodes(&other.root)
    }
}

impl<T> Node<T> {
    fn copied_nodes(&self, other: &Self) -> usize {
        match (self, other) {
            (Self::Branch(one), Self::Branch(other)) if !Arc::ptr_eq(one, other) => {
                let pairs = one.iter().zip(other.iter());
                1 + pairs.map(|(one, other)| one.copied_nodes(other)).sum::<usize>()
            }
            (Self::Slice(one), Self::Slice(other)) if !Arc::ptr_eq(one, other) => 1,
            _ => 0,
        }
    }
}

fn slice(number: usize) -> Arc<[usize]> {
    [number].into()
}

#[test]
fn a_row_is_a_vector() {
    let (mut row, mut vector) = (Row::default(), Vec::new());
    for number in 0..5000_usize {
        row.push(slice(number));
        vector.push(slice(number));
        let place = number * 7919 % vector.len();
        *row.get_mut(place).unwrap() = slice(number + 1);
        vector[place] = slice(number + 1);
        assert!(row.get(row.len()).is_none() && row.get_mut(vector.len()).is_none());
        assert!(!number.is_power_of_two() || row.iter().eq(&vector));
    }
    assert!(row.iter().eq(&vector));
}

#[test]
fn a_change_leaves_a_clone_alone_and_copies_one_node_of_each_level() {
    let mut row = Row::default();
    (0..4096).for_each(|number| row.push(slice(number)));
    let before = row.clone();
    *row.get_mut(77).unwrap() = slice(0);
    assert_eq!((before.get(77), row.get(77)), (Some(&slice(77)), Some(&slice(0))));
    assert_eq!(before.copied_nodes(&row), 4 + 1);
}
