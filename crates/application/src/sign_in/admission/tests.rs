use super::*;

const NOW: Timestamp = Timestamp::EPOCH;

fn source(last: u16) -> Source {
    Source::direct(std::net::Ipv4Addr::from_bits(0x0a00_0000 + u32::from(last)).into())
}

fn tenant(number: u8) -> OrganizationId {
    OrganizationId::generate(NOW, [number; 10])
}

fn wait_of(refused: Result<Place, SignInError>) -> Duration {
    match refused {
        Err(SignInError::TooManyAttempts { wait }) => wait,
        other => panic!("not too early: {other:?}"),
    }
}

#[test]
fn no_source_takes_all_places() {
    let admission = Admission::new(34);
    let held: Vec<_> = (0..20).map(|_| admission.enter(Way::Begin, source(1), NOW).unwrap()).collect();
    assert_eq!(wait_of(admission.enter(Way::Begin, source(1), NOW)), Duration::from_secs(1));

    let _others: Vec<_> = (2..16).map(|other| admission.enter(Way::Begin, source(other), NOW).unwrap()).collect();
    let full = admission.enter(Way::Begin, source(16), NOW);
    assert!(matches!(full, Err(SignInError::Overloaded { .. })));
    drop(held);
    drop(admission.enter(Way::Begin, source(16), NOW).unwrap());
}

#[test]
fn the_programs_of_one_organization_leave_half_of_the_places_to_others() {
    let admission = Admission::new(34);
    let spoken_for = |number: u8, last: u16| source(last).spoken_for(tenant(number));
    let held: Vec<_> = (0..17).map(|last| admission.enter(Way::Begin, spoken_for(1, last), NOW).unwrap()).collect();
    for last in 17..100 {
        let full = admission.enter(Way::Begin, spoken_for(1, last), NOW);
        assert!(matches!(full, Err(SignInError::Overloaded { .. })));
    }
    let _other = admission.enter(Way::Begin, spoken_for(2, 1), NOW).unwrap();
    let _direct = admission.enter(Way::Begin, source(1), NOW).unwrap();
    drop(held);
    drop(admission.enter(Way::Begin, spoken_for(1, 99), NOW).unwrap());
}

#[test]
fn steps_are_counted_apart() {
    let admission = Admission::new(1);
    for way in [Way::Begin, Way::Continue] {
        for _ in 0..20 {
            drop(admission.enter(way, source(1), NOW).unwrap());
        }
        wait_of(admission.enter(way, source(1), NOW));
    }
}

#[test]
fn what_finds_no_place_is_not_counted() {
    let admission = Admission::new(1);
    let held = admission.enter(Way::Begin, source(1), NOW).unwrap();
    for _ in 0..100 {
        let full = admission.enter(Way::Begin, source(2), NOW);
        assert!(matches!(full, Err(SignInError::Overloaded { wait: RETRY_AFTER })));
    }
    drop(held);
    for _ in 0..20 {
        drop(admission.enter(Way::Begin, source(2), NOW).unwrap());
    }
}

#[test]
fn a_call_that_takes_no_place_is_counted_too() {
    let admission = Admission::new(0);
    for way in [Way::Sso, Way::Recover] {
        for _ in 0..20 {
            admission.call(way, source(1), NOW).unwrap();
        }
        assert!(admission.call(way, source(1), NOW).is_err());
        admission.call(way, source(2), NOW).unwrap();
    }
}

#[test]
fn no_tenant_speaks_for_sources_without_end() {
    for is_used in [false, true] {
        let admission = Admission::new(1);
        for _ in 0..500 {
            admission.speak_for(tenant(1), is_used, NOW).unwrap();
        }
        let refused = admission.speak_for(tenant(1), is_used, NOW);
        let Err(SignInError::TooManyAttempts { wait }) = refused else { panic!("not too early: {refused:?}") };
        assert_eq!(wait, Duration::from_millis(20));
        admission.speak_for(tenant(2), is_used, NOW).unwrap();
    }
}

#[test]
fn strangers_keep_no_user_of_a_tenant_out() {
    let admission = Admission::new(1);
    let (mut refused, mut users) = (0, 0);
    // Ten minutes of fifty a second from sources of their own, among users who come as often as those.
    for number in 0..30_000 {
        let now = NOW.plus(Duration::from_millis(20) * number);
        for _ in 0..2 {
            refused += usize::from(admission.speak_for(tenant(1), false, now).is_err());
        }
        users += usize::from(admission.speak_for(tenant(1), true, now).is_ok());
    }
    assert_eq!(users, 30_000);
    assert!(refused > 29_000, "{refused}");
}

#[test]
fn what_says_nothing_any_more_is_forgotten() {
    let admission = Admission::new(1);
    let mut now = NOW;
    for last in 0..10_000 {
        drop(admission.enter(Way::Begin, source(last), now).unwrap());
        now = now.plus(Duration::from_millis(10));
    }
    assert!(admission.counts().tries.len() < 2 * FIRST_SWEEP);
}
