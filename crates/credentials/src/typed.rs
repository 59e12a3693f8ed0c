//! Secrets that a person types from a mail.

use varco_application::{Entropy, PlainSecret};
use varco_domain::Pin;
use zeroize::Zeroizing;

/// 31 letters and digits; those that are taken for one another, `0 o 1 l i`, are left out.
const LETTERS: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
const GROUPS: usize = 5;
const GROUP_LENGTH: usize = 4;

/// Five groups of four, such as `k7mq-...`: 20 draws from 31 characters are 99 bits.
pub(crate) fn temporary_password(entropy: &dyn Entropy) -> PlainSecret {
    let mut text = String::with_capacity(GROUPS * (GROUP_LENGTH + 1));
    for place in 0..GROUPS * GROUP_LENGTH {
        if place > 0 && place % GROUP_LENGTH == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[below(LETTERS.len(), entropy)]));
    }
    PlainSecret::new(text)
}

/// Six digits. Those that people would guess first are drawn again.
pub(crate) fn pin(entropy: &dyn Entropy) -> PlainSecret {
    loop {
        let mut text = String::with_capacity(Pin::LENGTH);
        text.extend((0..Pin::LENGTH).map(|_| char::from(b"0123456789"[below(10, entropy)])));
        let drawn = PlainSecret::new(text);
        if Pin::parse(drawn.expose()).is_ok_and(|pin| !pin.is_guessable()) {
            return drawn;
        }
    }
}

/// Every number below the limit, which is at most 256, is as likely as any other: bytes that would
/// make the first ones likelier are drawn again.
fn below(limit: usize, entropy: &dyn Entropy) -> usize {
    let fair = 256 - 256 % limit;
    let mut drawn = Zeroizing::new([0_u8]);
    loop {
        entropy.fill(drawn.as_mut_slice());
        let number = usize::from(drawn[0]);
        if number < fair {
            return number % limit;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;
    use crate::SystemEntropy;

    /// Counts up.
    struct Counting(AtomicU8);

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill_with(|| self.0.fetch_add(1, Ordering::SeqCst));
        }
    }

    #[test]
    fn every_number_is_as_likely_as_any_other() {
        for limit in [10, LETTERS.len(), 64, 256] {
            let fair = 256 / limit * limit;
            // Begins with the bytes, if any, that are drawn again.
            let entropy = Counting(AtomicU8::new(u8::try_from(fair % 256).unwrap()));
            let mut counts = vec![0; limit];
            for _ in 0..fair {
                counts[below(limit, &entropy)] += 1;
            }

            assert_eq!(counts, vec![256 / limit; limit]);
        }
    }

    #[test]
    fn a_temporary_password_is_in_groups_of_letters_that_are_not_mistaken() {
        for _ in 0..100 {
            let password = temporary_password(&SystemEntropy);
            let groups: Vec<&str> = password.expose().split('-').collect();

            assert_eq!(groups.len(), GROUPS);
            for group in groups {
                assert_eq!(group.len(), GROUP_LENGTH);
                assert!(group.bytes().all(|letter| LETTERS.contains(&letter)), "{group}");
            }
        }
        assert!(!LETTERS.iter().any(|letter| b"0o1li".contains(letter)));
    }

    #[test]
    fn a_temporary_password_has_more_than_80_bits() {
        let letters: HashSet<&u8> = LETTERS.iter().collect();
        let draws = u32::try_from(GROUPS * GROUP_LENGTH).unwrap();

        assert_eq!(letters.len(), LETTERS.len());
        assert!(f64::from(u32::try_from(letters.len()).unwrap()).log2() * f64::from(draws) > 80.0);
    }

    #[test]
    fn a_pin_has_six_digits_and_is_not_among_the_first_guesses() {
        for _ in 0..1000 {
            let pin = Pin::parse(pin(&SystemEntropy).expose()).unwrap();

            assert!(!pin.is_guessable(), "{}", pin.expose());
        }
    }

    #[test]
    fn two_draws_differ() {
        let pins: HashSet<String> = (0..100).map(|_| pin(&SystemEntropy).expose().to_owned()).collect();

        assert!(pins.len() > 90);
        assert_ne!(temporary_password(&SystemEntropy), temporary_password(&SystemEntropy));
    }
}
