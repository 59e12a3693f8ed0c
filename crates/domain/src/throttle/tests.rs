use super::*;

const START: Timestamp = Timestamp::EPOCH;

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Tries at every instant and gives the waits of those that were refused and the count of the others.
fn play(throttle: Throttle, instants: impl IntoIterator<Item = Duration>) -> (u32, Vec<Duration>) {
    let (mut tries, mut admitted, mut waits) = (None, 0, Vec::new());
    for instant in instants {
        match throttle.next(tries, START.plus(instant)) {
            Ok(next) => {
                tries = Some(next);
                admitted += 1;
            }
            Err(early) => waits.push(early.wait),
        }
    }
    (admitted, waits)
}

/// The waits between tries of somebody who comes as early as he may.
fn waits(throttle: Throttle, count: usize) -> Vec<u64> {
    let (mut tries, mut now) = (None, START);
    let wait = |_| {
        let next = throttle.next(tries, now).expect("it comes when it may");
        let next_at = next.next_at.max(now);
        let wait = next_at.since(now);
        (tries, now) = (Some(next), next_at);
        wait.as_secs()
    };
    (0..count).map(wait).collect()
}

const QUARTER: Duration = Duration::from_mins(15);

#[test]
fn of_a_flood_from_unknown_sources_five_get_through() {
    let (admitted, waits) = play(Throttle::UnknownSources, (0..500).map(|_| Duration::ZERO));
    assert_eq!((admitted, waits.len()), (5, 495));
    assert!(waits.iter().all(|wait| *wait == QUARTER), "refusals make nothing longer");
}

#[test]
fn tries_at_once_pass_whichever_of_their_times_comes_first() {
    for throttle in [Throttle::Source, Throttle::Gateway, Throttle::UnknownSources] {
        let first = throttle.next(None, START.plus(Duration::from_millis(5))).unwrap();
        assert!(throttle.next(Some(first), START).is_ok(), "{throttle:?}");
    }
}

#[test]
fn after_five_tries_unknown_sources_have_one_a_quarter_of_an_hour() {
    assert_eq!(waits(Throttle::UnknownSources, 8), [0, 0, 0, 0, 900, 900, 900, 900]);
    let (admitted, waits) = play(Throttle::UnknownSources, [0, 60, 120, 180, 240, 600, 900].map(seconds));
    assert_eq!((admitted, waits), (6, vec![seconds(300)]), "the first of the five makes room for the sixth");
}

#[test]
fn a_known_source_waits_for_seconds() {
    let waits = waits(Throttle::KnownSource, 100);
    assert_eq!((waits[0], waits[1], waits[2], waits[7], waits[8], waits[23], waits[24]), (1, 1, 3, 3, 5, 5, 10));
    assert_eq!((waits[98], waits[99]), (10, 12 * 3600));
}

#[test]
fn after_a_hundred_in_a_row_there_is_a_long_rest_and_then_a_new_start() {
    let waits = waits(Throttle::UnknownSources, 101);
    assert_eq!((waits[98], waits[99]), (900, 12 * 3600));
    assert_eq!(waits[100], 0);
}

#[test]
fn a_source_has_twenty_at_once_and_then_one_a_second() {
    let (admitted, waits) = play(Throttle::Source, (0..30).map(|_| Duration::ZERO));
    assert_eq!((admitted, waits.len()), (20, 10));
    let (admitted, _) = play(Throttle::Source, (0..200).map(|place| seconds(1) * place / 2));
    assert!((115..=121).contains(&admitted), "20 and one for each of 100 seconds: {admitted}");
    let (admitted, _) = play(Throttle::Source, (0..300).map(seconds));
    assert_eq!(admitted, 300, "one a second is always let through");
}

#[test]
fn a_gateway_has_five_hundred_at_once_and_then_fifty_a_second() {
    assert_eq!(play(Throttle::Gateway, (0..600).map(|_| Duration::ZERO)).0, 500);
    let (admitted, _) = play(Throttle::Gateway, (0..1500).map(|place| seconds(10) * place / 1500));
    assert!((990..=1000).contains(&admitted), "500 and fifty for each of 10 seconds: {admitted}");
}

#[test]
fn links_are_mailed_a_few_times_at_once_and_then_now_and_then() {
    for (throttle, burst, pace) in [(Throttle::LinksToAccount, 3, 60), (Throttle::LinksFromSource, 5, 20)] {
        let pace = Duration::from_mins(pace);
        let at_once = (0..=burst).map(|_| Duration::ZERO);
        let (admitted, waits) = play(throttle, at_once.clone().chain([pace, pace]));
        assert_eq!((admitted, waits), (burst + 1, vec![pace, pace]), "{throttle:?}");
        let rested = at_once.clone().chain(at_once.map(|_| pace * burst));
        assert_eq!(play(throttle, rested).0, 2 * burst, "{throttle:?}");
    }
}

#[test]
fn a_try_that_was_right_is_none() {
    for throttle in [Throttle::NameFromNewSource, Throttle::NameFromUsedSource] {
        let mut tries = None;
        for _ in 0..50 {
            let counted = throttle.next(tries, START).expect("those before were right");
            tries = Some(throttle.give_back(counted));
        }
        let (mut wrong, mut now) = (tries, START);
        for _ in 0..3 {
            let counted = throttle.next(wrong, now).unwrap();
            now = counted.next_at.max(now);
            wrong = Some(counted);
        }
        let right = throttle.give_back(throttle.next(wrong, now).unwrap());
        assert_eq!((right.in_a_row, right.whole_at), (3, wrong.unwrap().whole_at), "it clears nothing else away");
    }
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    fn throttle() -> impl Strategy<Value = Throttle> {
        prop_oneof![
            Just(Throttle::UnknownSources),
            Just(Throttle::KnownSource),
            Just(Throttle::NameFromNewSource),
            Just(Throttle::NameFromUsedSource),
            Just(Throttle::Source),
            Just(Throttle::Gateway),
            Just(Throttle::LinksToAccount),
            Just(Throttle::LinksFromSource),
        ]
    }

    /// Pauses between tries: mostly none or short, sometimes long.
    fn pauses() -> impl Strategy<Value = Vec<Duration>> {
        let pause = prop_oneof![
            5 => Just(0),
            5 => 0..2_000_u64,
            3 => 0..60_000_u64,
            2 => 0..2_000_000_u64,
            1 => 0..100_000_000_u64,
        ];
        proptest::collection::vec(pause.prop_map(Duration::from_millis), 1..400)
    }

    fn instants(pauses: &[Duration]) -> Vec<Duration> {
        let mut now = Duration::ZERO;
        pauses
            .iter()
            .map(|pause| {
                now += *pause;
                now
            })
            .collect()
    }

    proptest! {
        /// Whoever waits as long as he was told is let through: nobody is locked out for good.
        #[test]
        fn a_wait_ends(throttle in throttle(), pauses in pauses()) {
            let mut tries = None;
            for instant in instants(&pauses) {
                let now = START.plus(instant);
                match throttle.next(tries, now) {
                    Ok(next) => tries = Some(next),
                    Err(early) => {
                        prop_assert!(early.wait > Duration::ZERO && early.wait <= LONG_REST);
                        prop_assert!(throttle.next(tries, now.plus(early.wait)).is_ok());
                    }
                }
            }
        }

        /// What is refused changes nothing, so an attacker cannot make the owner wait longer by it.
        #[test]
        fn an_attacker_makes_nobody_wait_longer_by_being_refused(pauses in pauses()) {
            let all = instants(&pauses);
            let (mut tries, mut let_through) = (None, Vec::new());
            for instant in &all {
                if let Ok(next) = Throttle::UnknownSources.next(tries, START.plus(*instant)) {
                    tries = Some(next);
                    let_through.push(*instant);
                }
            }
            prop_assert_eq!(play(Throttle::UnknownSources, let_through.clone()).0, u32::try_from(let_through.len()).unwrap());
        }

        /// At most five in any quarter of an hour, and a hundred before a long rest.
        #[test]
        fn guesses_are_few(pauses in pauses()) {
            let (mut tries, mut at): (Option<Tries>, Vec<Duration>) = (None, Vec::new());
            for instant in instants(&pauses) {
                if let Ok(next) = Throttle::UnknownSources.next(tries, START.plus(instant)) {
                    prop_assert!(next.in_a_row <= MAX_IN_A_ROW);
                    tries = Some(next);
                    at.push(instant);
                }
            }
            let within = |length: Duration| {
                at.iter().map(|first| at.iter().filter(|it| **it >= *first && **it < *first + length).count()).max()
            };
            prop_assert!(within(QUARTER) <= Some(5));
        }

        /// Whoever is alone with an account and is let through by the count that is told is not held
        /// back by the one that is not told.
        #[test]
        fn who_waits_as_told_is_verified(pauses in pauses(), is_used in any::<bool>()) {
            let (told, silent) = if is_used {
                (Throttle::NameFromUsedSource, Throttle::KnownSource)
            } else {
                (Throttle::NameFromNewSource, Throttle::UnknownSources)
            };
            let (mut name, mut account): (Option<Tries>, Option<Tries>) = (None, None);
            for instant in instants(&pauses) {
                let now = START.plus(instant);
                let Ok(next) = told.next(name, now) else { continue };
                name = Some(next);
                let verified = silent.next(account, now);
                if account.is_some_and(|tries| tries.in_a_row >= MAX_IN_A_ROW) {
                    break;
                }
                prop_assert!(verified.is_ok());
                account = verified.ok();
            }
        }

        /// Of a source no more than its burst and its pace get through, over any time.
        #[test]
        fn a_source_keeps_its_pace(pauses in pauses()) {
            let all = instants(&pauses);
            let (admitted, _) = play(Throttle::Source, all.clone());
            let span = all.last().copied().unwrap_or_default();
            prop_assert!(u64::from(admitted) <= 20 + span.as_secs() + 1);
        }
    }
}
