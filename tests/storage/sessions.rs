use std::time::Duration;

use tokio::task::JoinSet;
use varco_application::SecretDigest;
use varco_application::storage::{EndedSession, LiveSession, SessionsOf, TokenUse};
use varco_domain::*;
use varco_persistence::SeaStore;
use varco_testkit::databases::{Backend, Fixture, TestDatabase};
use varco_testkit::on_every_database;

use crate::world::*;

const MINUTE: Duration = Duration::from_mins(1);
const MICROSECOND: Duration = Duration::from_micros(1);

fn session(member: &Member, started: Timestamp) -> Session {
    Session {
        id: id(),
        user: member.user.id,
        organization: member.membership.organization,
        pin_given: true,
        created_at: started,
        last_used_at: started,
        expires_at: started.plus(HOUR * 24),
        client: Client {
            address: Some("192.0.2.1".to_owned()),
            user_agent: Some("Mozilla/5.0".to_owned()),
            browser: Some("Firefox 128".to_owned()),
            operating_system: None,
        },
    }
}

async fn begun(store: &SeaStore, member: &Member, started: Timestamp) -> Session {
    let session = session(member, started);
    commit!(store, |work| work.sessions().insert(&session));
    session
}

fn ended(session: &Session) -> EndedSession {
    EndedSession { id: session.id, user: session.user, organization: session.organization }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_somebody_holds_is_forgotten_later() {
    if !Backend::Postgres.is_wanted() {
        return;
    }
    let database = TestDatabase::on(Backend::Postgres).await;
    let store = database.open().await;
    let acme = tenant(&store, "Acme").await.id();
    let ana = member(&store, acme, "ana").await;
    let now = instant();
    let (held, free) = (begun(&store, &ana, now.minus(HOUR)).await, begun(&store, &ana, now.minus(HOUR)).await);
    let mut holder = begin(&store).await;
    holder.sessions().end(SessionsOf::Session(held.id), None).await.unwrap();
    let mut work = begin(&store).await;
    assert_eq!(work.sessions().forget_ended(now, 9).await.unwrap(), 1);
    work.commit().await.unwrap();
    drop(holder);

    let left = begin(&store).await.sessions().end(SessionsOf::User(ana.user.id), None).await.unwrap();
    assert_eq!(left, [ended(&held)]);
    assert_ne!(held.id, free.id);
}

on_every_database! {
    async fn a_session_reads_back_until_it_ends_by_time(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await;
        let now = instant();
        let session = begun(&store, &ana, now).await;
        let mut work = begin(&store).await;

        let idle_end = now.plus(Session::MAX_IDLE);
        let last = Timestamp::from_micros(idle_end.as_micros() - 1);
        assert_eq!(work.sessions().find(session.id, last).await.unwrap(), Some(session.clone()));
        assert_eq!(work.sessions().find(session.id, idle_end).await.unwrap(), None);
        assert_eq!(work.sessions().find(id(), now).await.unwrap(), None);
    }

    async fn a_session_goes_on_while_it_is_refreshed_and_not_too_old(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await;
        let now = instant();
        let session = Session { expires_at: now.plus(MINUTE * 90), ..session(&ana, now) };
        commit!(store, |work| work.sessions().insert(&session));
        let idle = begun(&store, &ana, now.minus(Session::MAX_IDLE)).await;
        let mut work = begin(&store).await;

        let last = now.plus(Session::MAX_IDLE).minus(MICROSECOND);
        assert!(work.sessions().refresh(session.id, last).await.unwrap());
        let old = session.expires_at.minus(MICROSECOND);
        assert!(work.sessions().find(session.id, old).await.unwrap().is_some());
        assert_eq!(work.sessions().find(session.id, session.expires_at).await.unwrap(), None);
        assert!(!work.sessions().refresh(session.id, session.expires_at).await.unwrap());
        assert!(!work.sessions().refresh(id(), now).await.unwrap());
        assert!(!work.sessions().refresh(idle.id, now).await.unwrap());
    }

    async fn a_session_is_refreshed_ten_thousand_times(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await;
        let now = instant();
        let session = begun(&store, &ana, now).await;
        database.tamper("UPDATE sessions SET refreshes = 9999");

        let mut work = begin(&store).await;
        assert!(work.sessions().refresh(session.id, now).await.unwrap());
        assert!(!work.sessions().refresh(session.id, now).await.unwrap());
        assert!(work.sessions().find(session.id, now).await.unwrap().is_some(), "it ends when it is idle");
    }

    async fn of_several_who_end_a_session_one_is_told_so(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await;
        let mut sessions = Vec::new();
        for _ in 0..20 {
            sessions.push(begun(&store, &ana, instant()).await);
        }
        let mut ends = JoinSet::new();
        for (place, session) in sessions.iter().enumerate().take(8) {
            let (store, user, of_one) = (store.clone(), ana.user.id, session.id);
            ends.spawn(async move {
                let of = if place % 2 == 0 { SessionsOf::User(user) } else { SessionsOf::Session(of_one) };
                let mut work = begin(&store).await;
                let ended = work.sessions().end(of, None).await.unwrap();
                work.commit().await.unwrap();
                ended
            });
        }
        let mut ended: Vec<SessionId> = ends.join_all().await.into_iter().flatten().map(|session| session.id).collect();
        ended.sort_unstable();
        assert_eq!(ended, sessions.iter().map(|session| session.id).collect::<Vec<_>>());
    }

    async fn a_session_proves_something_while_its_user_may_act_there(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await;
        let now = instant();
        let session = begun(&store, &ana, now).await;
        let live = LiveSession {
            user: ana.user.id,
            organization: acme,
            back_office_level: BackOfficeLevel::None,
            ends_at: session.expires_at,
        };
        let mut work = begin(&store).await;
        assert_eq!(work.sessions().find_live(session.id, now).await.unwrap(), Some(live));
        assert_eq!(work.sessions().find_live(session.id, now.plus(HOUR)).await.unwrap(), None);

        let end = now.plus(MINUTE);
        let membership = Membership {
            access: Access { app: false, back_office: BackOfficeLevel::Admin },
            expires_at: Some(end),
            ..ana.membership.clone()
        };
        work.users().update_membership(&membership).await.unwrap();
        let found = work.sessions().find_live(session.id, now).await.unwrap();
        let expected = LiveSession { back_office_level: BackOfficeLevel::Admin, ends_at: end, ..live };
        assert_eq!(found, Some(expected));
        assert_eq!(work.sessions().find_live(session.id, end).await.unwrap(), None);

        let without = Membership { access: Access::NONE, expires_at: None, ..membership };
        work.users().update_membership(&without).await.unwrap();
        assert_eq!(work.sessions().find_live(session.id, now).await.unwrap(), None);
        work.users().update_membership(&ana.membership).await.unwrap();
        let mut user = ana.user.clone();
        user.suspend().unwrap();
        work.users().update(&mut user).await.unwrap();
        assert_eq!(work.sessions().find_live(session.id, now).await.unwrap(), None);
    }

    async fn sessions_are_listed_by_age(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let (ana, bea) = (member(&store, acme, "ana").await, member(&store, acme, "bea").await);
        let now = instant();
        let old = begun(&store, &ana, now.minus(HOUR)).await;
        let first = begun(&store, &ana, now).await;
        let second = begun(&store, &ana, now).await;
        begun(&store, &bea, now).await;
        let mut work = read(&store).await;

        let page = work.sessions().list(ana.user.id, None, now, 1).await.unwrap();
        assert_eq!((page.items, page.has_more), (vec![first.clone()], true));
        let rest = work.sessions().list(ana.user.id, Some(first.id), now, 1).await.unwrap();
        assert_eq!((rest.items, rest.has_more), (vec![second], false));
        assert_eq!(work.sessions().find(old.id, now).await.unwrap(), None);
    }

    async fn sessions_are_ended_by_whose_and_where(database: TestDatabase) {
        let store = database.open().await;
        let (acme, other) = (tenant(&store, "Acme").await.id(), tenant(&store, "Other").await.id());
        let ana = member(&store, acme, "ana").await;
        let bea = member(&store, acme, "bea").await;
        let now = instant();
        let guest = Member { membership: membership(other, &ana.user), user: ana.user.clone() };
        commit!(store, |work| work.users().insert_membership(&guest.membership));
        let (one, two) = (begun(&store, &ana, now).await, begun(&store, &ana, now).await);
        let there = begun(&store, &guest, now).await;
        let of_bea = begun(&store, &bea, now).await;

        let mut work = begin(&store).await;
        let of_ana = ana.user.id;
        assert_eq!(work.sessions().end(SessionsOf::UserIn(of_ana, other), None).await.unwrap(), [ended(&there)]);
        assert_eq!(work.sessions().end(SessionsOf::User(of_ana), Some(two.id)).await.unwrap(), [ended(&one)]);
        assert_eq!(work.sessions().end(SessionsOf::Session(two.id), None).await.unwrap(), [ended(&two)]);
        assert!(work.sessions().end(SessionsOf::User(of_ana), None).await.unwrap().is_empty());
        assert!(work.sessions().find(of_bea.id, now).await.unwrap().is_some());
    }

    async fn those_used_least_recently_make_room(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await;
        let now = instant();
        let mut sessions = Vec::new();
        for age in [3, 1, 2] {
            sessions.push(begun(&store, &ana, now.minus(MINUTE * age)).await);
        }
        let mut work = begin(&store).await;
        assert!(work.sessions().end_beyond(ana.user.id, 3).await.unwrap().is_empty());
        assert_eq!(work.sessions().end_beyond(ana.user.id, 2).await.unwrap(), [ended(&sessions[0])]);
        assert_eq!(work.sessions().end_beyond(ana.user.id, 1).await.unwrap(), [ended(&sessions[2])]);
    }

    async fn a_refresh_token_is_used_once(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await;
        let now = instant();
        let session = begun(&store, &ana, now).await;
        let token = SecretDigest([5; 32]);
        commit!(store, |work| work.sessions().insert_token(&token, session.id, now));

        let mut work = begin(&store).await;
        assert_eq!(work.sessions().use_token(&token, now).await.unwrap(), TokenUse::First(session.id));
        assert_eq!(work.sessions().use_token(&token, now).await.unwrap(), TokenUse::Repeated(session.id));
        assert_eq!(work.sessions().find_by_token(&token).await.unwrap(), Some(session.id), "used or not");
        let unknown = SecretDigest([6; 32]);
        assert_eq!(work.sessions().find_by_token(&unknown).await.unwrap(), None);
        assert_eq!(work.sessions().use_token(&unknown, now).await.unwrap(), TokenUse::Unknown);
        work.sessions().end(SessionsOf::Session(session.id), None).await.unwrap();
        assert_eq!(work.sessions().use_token(&token, now).await.unwrap(), TokenUse::Unknown);
    }

    async fn what_ended_by_time_is_forgotten(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await;
        let now = instant();
        let idle = begun(&store, &ana, now.minus(HOUR)).await;
        let alive = begun(&store, &ana, now.minus(HOUR / 2)).await;
        commit!(store, |work| work.sessions().forget_ended(now, 9));

        let mut work = begin(&store).await;
        let left = work.sessions().end(SessionsOf::User(ana.user.id), None).await.unwrap();
        assert_eq!(left, [ended(&alive)]);
        assert_ne!(idle.id, alive.id);
    }

    async fn so_many_of_those_that_ended_are_forgotten_at_once(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await;
        let now = instant();
        for age in [HOUR, HOUR * 2, HOUR * 25] {
            begun(&store, &ana, now.minus(age)).await;
        }
        let mut work = begin(&store).await;
        for forgotten in [2, 1, 0] {
            assert_eq!(work.sessions().forget_ended(now, 2).await.unwrap(), forgotten);
        }
    }

    async fn sessions_go_with_their_user(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = member(&store, acme, "ana").await;
        let now = instant();
        let session = begun(&store, &ana, now).await;
        commit!(store, |work| work.users().delete_membership(acme, ana.user.id),
            work.users().delete(ana.user.id));
        assert_eq!(read(&store).await.sessions().find(session.id, now).await.unwrap(), None);
    }
}
