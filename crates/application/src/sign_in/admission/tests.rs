use super::*;

const NOW: Timestamp = Timestamp::EPOCH;

fn source(last: u16) -> Source {
    Source::direct(std::net::Ipv4Addr::from_bits(0x0a00_0000 + u32::from(last)).into())
}

fn tenant(number: u8) -> OrganizationId {
    OrganizationId::generate(NOW, [number; 10])
}

fn wait_of(refused: Result<OwnedSemaphorePermit, SignInError>) -> Duration {
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
fn no_tenant_speaks_for_sources_without_end() {
    let admission = Admission::new(1);
    let of = |tenant, last| source(last).spoken_for_by(tenant);
    for last in 0..500 {
        drop(admission.enter(Way::Begin, of(tenant(1), last), NOW).unwrap());
    }
    assert_eq!(wait_of(admission.enter(Way::Continue, of(tenant(1), 501), NOW)), Duration::from_millis(20));
    assert!(admission.speak_for(of(tenant(1), 501), NOW).is_err());
    drop(admission.enter(Way::Begin, of(tenant(2), 501), NOW).unwrap());
    drop(admission.enter(Way::Begin, source(501), NOW).unwrap());
    admission.speak_for(source(501), NOW).unwrap();
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
