//! The life of signing keys, by the clock alone, so that every replica sees it alike whether or not
//! anybody has cleaned up.

use std::time::Duration;

use varco_domain::Timestamp;

use crate::storage::SigningKey;

/// A key is published this long before it signs, so that whoever keeps the published set for a few
/// minutes knows it in time.
const LEAD: Duration = Duration::from_mins(10);

/// How old a key gets before another takes over.
const MAX_AGE: Duration = Duration::from_hours(30 * 24);

/// A key stays published this long after its last signature.
///
/// Invariant: longer than any token works; else tokens that work would be refused.
const OVERLAP: Duration = Duration::from_hours(1);

/// Whether a new key is to be made. `keys` are in the order of their making.
pub(super) fn is_due(keys: &[SigningKey], now: Timestamp) -> bool {
    keys.last().is_none_or(|newest| newest.created_at.plus(MAX_AGE) <= now)
}

/// The key that signs: the newest that was published long enough; the first has nothing to wait for.
pub(super) fn signer(keys: &[SigningKey], now: Timestamp) -> Option<&SigningKey> {
    keys.iter().rev().find(|key| key.created_at.plus(LEAD) <= now).or(keys.first())
}

/// How many keys, the oldest ones, are of no more use: the one after each took over too long ago.
pub(super) fn withdrawn(keys: &[SigningKey], now: Timestamp) -> usize {
    let successors = keys.iter().skip(1);
    successors.take_while(|successor| successor.created_at.plus(LEAD).plus(OVERLAP) <= now).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SealedKey;

    fn key(number: u32, created_at: Duration) -> SigningKey {
        let key = SealedKey { id: number.to_string(), public: Vec::new(), sealed_private: Vec::new() };
        SigningKey { key, generation: number, created_at: at(created_at) }
    }

    fn at(after: Duration) -> Timestamp {
        Timestamp::EPOCH.plus(after)
    }

    fn just_before(end: Duration) -> Timestamp {
        at(end).minus(Duration::from_micros(1))
    }

    const MINUTE: Duration = Duration::from_mins(1);

    fn signer_at(keys: &[SigningKey], now: Duration) -> Option<u32> {
        signer(keys, at(now)).map(|key| key.generation)
    }

    #[test]
    fn the_first_key_is_due_at_once_and_signs_at_once() {
        assert!(is_due(&[], at(MINUTE)));
        assert_eq!(signer_at(&[], MINUTE), None);
        assert_eq!(signer_at(&[key(1, MINUTE)], MINUTE), Some(1));
    }

    #[test]
    fn a_key_is_replaced_after_thirty_days() {
        let keys = [key(1, MINUTE)];
        let end = MINUTE + MAX_AGE;

        assert!(!is_due(&keys, just_before(end)));
        assert!(is_due(&keys, at(end)));
        assert!(!is_due(&[key(1, MINUTE), key(2, end)], at(end)));
    }

    #[test]
    fn a_new_key_signs_once_it_was_published_for_ten_minutes() {
        let keys = [key(1, Duration::ZERO), key(2, MAX_AGE)];

        assert_eq!(signer_at(&keys, MAX_AGE), Some(1));
        assert_eq!(signer(&keys, just_before(MAX_AGE + LEAD)).map(|key| key.generation), Some(1));
        assert_eq!(signer_at(&keys, MAX_AGE + LEAD), Some(2));
    }

    #[test]
    fn an_old_key_stays_published_for_an_hour_after_its_last_signature() {
        let keys = [key(1, Duration::ZERO), key(2, MAX_AGE)];
        let last_signature = MAX_AGE + LEAD;

        assert_eq!(withdrawn(&keys, just_before(last_signature + OVERLAP)), 0);
        assert_eq!(withdrawn(&keys, at(last_signature + OVERLAP)), 1);
        assert_eq!(withdrawn(&keys[1..], at(last_signature + OVERLAP)), 0, "the newest is never withdrawn");
    }

    #[test]
    fn a_clock_that_goes_back_leaves_a_key_to_sign_with() {
        let keys = [key(1, MAX_AGE), key(2, MAX_AGE * 2)];

        assert_eq!(signer_at(&keys, Duration::ZERO), Some(1));
        assert_eq!(withdrawn(&keys, at(Duration::ZERO)), 0);
    }
}
