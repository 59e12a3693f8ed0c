use std::time::Duration;

use varco_application::SecretDigest;
use varco_application::storage::{
    Challenge, FailureFilter, Flood, KeptFailures, NamedDoor, OldSignIns, SessionsOf, SignInAccount, SignInFailure,
    SignInName, ThrottleKey,
};
use varco_domain::*;
use varco_testkit::databases::{Backend, Fixture, TestDatabase};
use varco_testkit::on_every_database;

use crate::world::*;

const DAY: Duration = Duration::from_hours(24);

const QUARTER: Duration = Duration::from_mins(15);

/// A name as it is typed at a source that nobody signed in from.
fn name(digest: u8, source: &str) -> ThrottleKey {
    ThrottleKey::Name { name: SecretDigest([digest; 32]), source: source.to_owned(), is_used: false }
}

fn challenge(user: UserId, now: Timestamp) -> Challenge {
    let shown = Shown { pin: true, organization: Some(id()) };
    Challenge { user, step: Step::Organization, shown, replaced: Some(id()), expires_at: now.plus(HOUR), attempts: 0 }
}

fn failure(user: Option<&User>, now: Timestamp) -> SignInFailure {
    SignInFailure {
        id: id(),
        user: user.map(|user| user.id),
        home: user.map(|user| user.home),
        occurred_at: now,
        refusal: SignInRefusal::WrongPassword,
        client: Client { address: Some("2001:db8::1".to_owned()), ..Client::default() },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_holds_is_forgotten_later() {
    if !Backend::Postgres.is_wanted() {
        return;
    }
    let database = TestDatabase::on(Backend::Postgres).await;
    let store = database.open().await;
    let now = instant();
    let (held, free) = (name(1, "direct x"), name(2, "direct x"));
    let mut work = begin(&store).await;
    for key in [&held, &free] {
        work.sign_ins().count_try(key, now.minus(DAY)).await.unwrap().unwrap();
    }
    work.commit().await.unwrap();
    let mut holder = begin(&store).await;
    holder.sign_ins().count_try(&held, now).await.unwrap().unwrap();
    let mut work = begin(&store).await;
    assert_eq!(work.sign_ins().forget_old(OldSignIns::Tries, now, 9).await.unwrap(), 1);
    work.commit().await.unwrap();
    assert_eq!(holder.sign_ins().count_try(&free, now).await.unwrap().unwrap().in_a_row, 1);
    assert_eq!(holder.sign_ins().count_try(&held, now).await.unwrap().unwrap().in_a_row, 2);
}

on_every_database! {
    async fn an_account_is_found_with_where_it_may_go(database: TestDatabase) {
        let store = database.open().await;
        let (acme, other) = (tenant(&store, "Acme").await.id(), tenant(&store, "Other").await.id());
        let ana = member(&store, acme, "ana").await.user;
        let now = instant();
        let guest = Membership { expires_at: Some(now.plus(HOUR)), ..membership(other, &ana) };
        commit!(store, |work| work.users().insert_membership(&guest));
        let mut work = begin(&store).await;

        let door = |organization, name| NamedDoor { door: Door { organization, pin: false }, name: label(name) };
        let expected = SignInAccount {
            user: ana.id,
            status: UserStatus::Active,
            home: acme,
            doors: vec![door(acme, "Acme"), door(other, "Other")],
        };
        for name in [SignInName::Username(ana.username.clone()), SignInName::Email(ana.email.clone())] {
            assert_eq!(work.sign_ins().find_account(&name, now).await.unwrap(), Some(expected.clone()));
        }
        assert_eq!(work.sign_ins().find_account(&SignInName::Nobody, now).await.unwrap(), None);
        let later = work.sign_ins().account(ana.id, now.plus(HOUR)).await.unwrap().unwrap();
        assert_eq!(later.doors, [door(acme, "Acme")]);
        work.users().update_membership(&Membership { access: Access::NONE, ..membership(acme, &ana) }).await.unwrap();
        let shut = work.sign_ins().account(ana.id, now).await.unwrap().unwrap();
        assert_eq!(shut.doors, [door(other, "Other")]);
    }

    async fn tries_are_counted_by_key(database: TestDatabase) {
        let store = database.open().await;
        let now = instant();
        let (ana, bea) = (id(), id());
        let keys = [
            ThrottleKey::Account(ana),
            ThrottleKey::Account(bea),
            ThrottleKey::Nobody(SecretDigest([1; 32])),
            name(1, "direct 192.0.2.1"),
            name(1, "direct 192.0.2.2"),
            name(2, "direct 192.0.2.1"),
        ];
        let mut work = begin(&store).await;
        for key in &keys {
            for count in 1..=5 {
                let tries = work.sign_ins().count_try(key, now).await.unwrap().unwrap();
                assert_eq!(tries.in_a_row, count, "{key:?}");
            }
            let refused = work.sign_ins().count_try(key, now).await.unwrap();
            assert_eq!(refused, Err(TooEarly { wait: QUARTER }), "{key:?}");
        }
        let source = "direct 192.0.2.1".to_owned();
        let others = [
            ThrottleKey::Known(ana, source.clone()),
            ThrottleKey::Name { name: SecretDigest([1; 32]), source: source.clone(), is_used: true },
            ThrottleKey::Source(source.clone()),
            ThrottleKey::Pin(ana),
            ThrottleKey::Session(ana),
            ThrottleKey::LinksTo(ana),
            ThrottleKey::LinksFrom(source),
        ];
        for key in &others {
            assert_eq!(work.sign_ins().count_try(key, now).await.unwrap().unwrap().in_a_row, 1, "{key:?}");
        }
        work.sign_ins().forget_tries(&keys[0]).await.unwrap();
        assert_eq!(work.sign_ins().count_try(&keys[0], now).await.unwrap().unwrap().in_a_row, 1);
        work.sign_ins().forget_all_tries(bea).await.unwrap();
        assert_eq!(work.sign_ins().count_try(&keys[1], now).await.unwrap().unwrap().in_a_row, 1);
        assert!(work.sign_ins().count_try(&keys[2], now).await.unwrap().is_err());
    }

    async fn a_try_is_given_back(database: TestDatabase) {
        let store = database.open().await;
        let (key, now) = (name(1, "direct 192.0.2.1"), instant());
        let mut work = begin(&store).await;
        work.sign_ins().give_back_try(&key).await.unwrap();
        for _ in 0..5 {
            work.sign_ins().count_try(&key, now).await.unwrap().unwrap();
        }
        work.sign_ins().give_back_try(&key).await.unwrap();
        assert_eq!(work.sign_ins().count_try(&key, now).await.unwrap().unwrap().in_a_row, 5);
        assert!(work.sign_ins().count_try(&key, now).await.unwrap().is_err());
    }

    async fn of_tries_at_once_each_sees_the_others(database: TestDatabase) {
        let store = std::sync::Arc::new(database.open().await);
        let (key, now) = (ThrottleKey::Account(id()), instant());
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (store, key) = (store.clone(), key.clone());
            tries.spawn(async move {
                let mut work = begin(&store).await;
                let counted = work.sign_ins().count_try(&key, now).await.unwrap();
                work.commit().await.unwrap();
                counted.is_ok()
            });
        }
        let admitted = tries.join_all().await.into_iter().filter(|is_admitted| *is_admitted).count();
        assert_eq!(admitted, 5);
    }

    async fn a_source_is_known_for_a_time(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await.user.id;
        let now = instant();
        commit!(store, |work| work.sign_ins().note_source(ana, "direct 192.0.2.1", now.minus(DAY)),
            work.sign_ins().note_source(ana, "direct 192.0.2.1", now));
        let mut work = read(&store).await;
        let mut known = async |source: &str, since| work.sign_ins().is_known_source(ana, source, since).await.unwrap();
        assert!(known("direct 192.0.2.1", now).await);
        assert!(!known("direct 192.0.2.1", now.plus(HOUR)).await);
        assert!(!known("direct 192.0.2.2", now).await);
        let mut used = async |source: &str, since| work.sign_ins().is_used_source(source, since).await.unwrap();
        assert!(used("direct 192.0.2.1", now).await);
        assert!(!used("direct 192.0.2.1", now.plus(HOUR)).await);
        assert!(!used("direct 192.0.2.2", now).await);
    }

    async fn a_challenge_is_tried_and_taken_once(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await.user.id;
        let now = instant();
        let (digest, challenge) = (SecretDigest([3; 32]), challenge(ana, now));
        commit!(store, |work| work.sign_ins().insert_challenge(&digest, &challenge));
        let mut work = begin(&store).await;

        for attempts in 1..=2 {
            let tried = work.sign_ins().try_challenge(&digest, now).await.unwrap();
            assert_eq!(tried, Some(Challenge { attempts, ..challenge.clone() }));
        }
        assert_eq!(work.sign_ins().try_challenge(&digest, challenge.expires_at).await.unwrap(), None);
        assert_eq!(work.sign_ins().try_challenge(&SecretDigest([4; 32]), now).await.unwrap(), None);
        assert!(!work.sign_ins().take_challenge(&digest, challenge.expires_at).await.unwrap());
        assert!(work.sign_ins().take_challenge(&digest, now).await.unwrap());
        assert!(!work.sign_ins().take_challenge(&digest, now).await.unwrap());
        work.sign_ins().insert_challenge(&digest, &challenge).await.unwrap();
        work.sessions().end(SessionsOf::User(ana), None).await.unwrap();
        assert!(!work.sign_ins().take_challenge(&digest, now).await.unwrap(), "it ends with the sessions");
    }

    async fn failures_are_listed_newest_first(database: TestDatabase) {
        let store = database.open().await;
        let (acme, other) = (tenant(&store, "Acme").await.id(), tenant(&store, "Other").await.id());
        let (ana, bea) = (member(&store, acme, "ana").await.user, member(&store, acme, "bea").await.user);
        let zoe = member(&store, other, "zoe").await.user;
        let now = instant();
        let failures = [Some(&ana), Some(&bea), None, Some(&zoe), Some(&ana)].map(|user| failure(user, now));
        let mut work = begin(&store).await;
        for failure in &failures {
            work.sign_ins().insert_failure(failure).await.unwrap();
        }
        let of = |places: &[usize]| places.iter().map(|place| failures[*place].clone()).collect::<Vec<_>>();

        let home = Some(acme);
        let page = work.sign_ins().list_failures(&FailureFilter { home, user: None }, None, 2).await.unwrap();
        assert_eq!((page.items, page.has_more), (of(&[4, 1]), true));
        let before = Some(failures[1].id);
        let rest = work.sign_ins().list_failures(&FailureFilter { home, user: None }, before, 2).await.unwrap();
        assert_eq!((rest.items, rest.has_more), (of(&[0]), false));
        let user = Some(ana.id);
        let own = work.sign_ins().list_failures(&FailureFilter { home, user }, None, 9).await.unwrap();
        assert_eq!(own.items, of(&[4, 0]));
        let all = work.sign_ins().list_failures(&FailureFilter::default(), None, 9).await.unwrap();
        assert_eq!(all.items, of(&[4, 3, 2, 1, 0]));
    }

    async fn what_is_old_is_forgotten(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await.user;
        let now = instant();
        let (old, young) = (failure(Some(&ana), now.minus(DAY * 2)), failure(Some(&ana), now));
        let (digest, key) = (SecretDigest([3; 32]), ThrottleKey::Account(ana.id));
        let mut work = begin(&store).await;
        for failure in [&old, &young] {
            work.sign_ins().insert_failure(failure).await.unwrap();
        }
        let challenge = challenge(ana.id, now.minus(HOUR));
        work.sign_ins().insert_challenge(&digest, &challenge).await.unwrap();
        work.sign_ins().note_source(ana.id, "direct x", now.minus(DAY * 2)).await.unwrap();
        work.sign_ins().count_try(&key, now.minus(HOUR)).await.unwrap().unwrap();
        for (what, until) in [
            (OldSignIns::Challenges, now),
            (OldSignIns::Tries, now),
            (OldSignIns::Sources, now.minus(DAY)),
            (OldSignIns::Failures, now.minus(DAY)),
        ] {
            work.sign_ins().forget_old(what, until, 9).await.unwrap();
        }

        let left = work.sign_ins().list_failures(&FailureFilter::default(), None, 9).await.unwrap();
        assert_eq!(left.items, [young]);
        assert!(!work.sign_ins().take_challenge(&digest, now.minus(HOUR)).await.unwrap());
        assert!(!work.sign_ins().is_known_source(ana.id, "direct x", Timestamp::EPOCH).await.unwrap());
        // Tries that still say something stay.
        assert_eq!(work.sign_ins().count_try(&key, now).await.unwrap().unwrap().in_a_row, 2);
    }

    async fn so_many_are_forgotten_at_once(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await.user;
        let (now, old) = (instant(), instant().minus(DAY));
        let mut work = begin(&store).await;
        for number in 0..3 {
            work.sign_ins().insert_failure(&failure(Some(&ana), old)).await.unwrap();
            work.sign_ins().insert_challenge(&SecretDigest([number; 32]), &challenge(ana.id, old)).await.unwrap();
            work.sign_ins().note_source(ana.id, &format!("direct {number}"), old).await.unwrap();
            work.sign_ins().count_try(&name(number, "direct x"), old).await.unwrap().unwrap();
        }
        for what in [OldSignIns::Challenges, OldSignIns::Tries, OldSignIns::Sources, OldSignIns::Failures] {
            for forgotten in [2, 1, 0] {
                assert_eq!(work.sign_ins().forget_old(what, now, 2).await.unwrap(), forgotten, "{what:?}");
            }
        }
    }

    async fn of_a_flood_of_failures_the_newest_are_kept(database: TestDatabase) {
        let store = database.open().await;
        let (acme, other) = (tenant(&store, "Acme").await.id(), tenant(&store, "Other").await.id());
        let (ana, bea) = (member(&store, acme, "ana").await.user, member(&store, acme, "bea").await.user);
        let now = instant();
        let nobody = |home| SignInFailure { home, ..failure(None, now) };
        let mut work = begin(&store).await;
        let mut all = Vec::new();
        for _ in 0..5 {
            for failure in [failure(Some(&ana), now), nobody(Some(acme)), nobody(None)] {
                work.sign_ins().insert_failure(&failure).await.unwrap();
                all.push(failure);
            }
        }
        // As many as are kept.
        for failure in [failure(Some(&bea), now), failure(Some(&bea), now), nobody(Some(other)), nobody(Some(other))] {
            work.sign_ins().insert_failure(&failure).await.unwrap();
            all.push(failure);
        }
        let kept = KeptFailures { of_account: 2, of_nobody: 3 };
        let mut floods = work.sign_ins().floods(kept).await.unwrap();
        floods.sort_unstable_by_key(|flood| (flood.user, flood.home));
        let flood = |user, home| Flood { user, home };
        assert_eq!(floods, [flood(None, None), flood(None, Some(acme)), flood(Some(ana.id), Some(acme))]);
        for flood in &floods {
            let beyond = if flood.user.is_some() { [1, 1, 1, 0] } else { [1, 1, 0, 0] };
            for forgotten in beyond {
                assert_eq!(work.sign_ins().forget_flood(flood, kept, 1).await.unwrap(), forgotten);
            }
        }
        assert_eq!(work.sign_ins().floods(kept).await.unwrap(), []);

        let left = work.sign_ins().list_failures(&FailureFilter::default(), None, 99).await.unwrap().items;
        let is_kept = |(place, failure): &(usize, &SignInFailure)| *place >= if failure.user.is_some() { 9 } else { 6 };
        let expected: Vec<_> = all.iter().enumerate().filter(is_kept).map(|(_, failure)| failure.clone()).rev().collect();
        assert_eq!(left, expected);
    }
}
