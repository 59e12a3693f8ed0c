use std::sync::Arc;

const WIDTH: u32 = u64::BITS;

/// A set of small numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits(Arc<[u64]>);

impl Bits {
    pub(crate) fn contains(&self, number: u32) -> bool {
        self.0.get((number / WIDTH) as usize).is_some_and(|word| word >> (number % WIDTH) & 1 == 1)
    }

    /// Puts a number in or takes it out.
    pub(crate) fn set(&mut self, number: u32, is_in: bool) {
        if self.contains(number) != is_in {
            *self = self.iter().filter(|other| *other != number).chain(is_in.then_some(number)).collect();
        }
    }

    /// The numbers, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        let words = (0..).zip(self.0.iter());
        words.flat_map(|(place, word)| {
            (0..WIDTH).filter(move |bit| word >> bit & 1 == 1).map(move |bit| place * WIDTH + bit)
        })
    }
}

impl FromIterator<u32> for Bits {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut words = Vec::new();
        for number in numbers {
            let place = (number / WIDTH) as usize;
            if words.len() <= place {
                words.resize(place + 1, 0);
            }
            words[place] |= 1 << (number % WIDTH);
        }
        Self(words.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_set;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn bits_hold_what_was_put_in(numbers in btree_set(0_u32..300, 0..40), out in 0_u32..300) {
            let mut bits: Bits = numbers.iter().copied().collect();
            prop_assert!(bits.iter().eq(numbers.iter().copied()));
            bits.set(out, false);
            prop_assert!(bits.iter().eq(numbers.into_iter().filter(|number| *number != out)));
            bits.set(out, true);
            prop_assert!(bits.contains(out) && !bits.contains(301));
        }
    }
}
