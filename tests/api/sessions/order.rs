//! Whatever is called in whatever order: a session has at most one refresh token that works, one that
//! comes twice ends it, and nothing brings it back. The calls play against a model that knows no more
//! than what was given out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use proptest::prelude::{Just, Strategy, prop_oneof};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use varco_application::users::{ChangeStatus, reactivate_user, suspend_user};
use varco_application::{Caller, Clock, Environment, Mode};
use varco_domain::{OrganizationId, Session, Timestamp, UserId};
use varco_proto::v1::BackOfficeLevel;
use varco_testkit::{OrganizationActor, on_every_database};

use super::*;

/// How many sign-ins there were, each from another address.
static SIGN_INS: AtomicUsize = AtomicUsize::new(0);

#[derive(Clone, Debug)]
enum Step {
    SignIn,
    /// With any token that was ever given out, the latest first, or with nobody's.
    Refresh(usize),
    /// Of any session, by its last access token.
    SignOut(usize),
    /// Of any session, by an administrator.
    Revoke(usize),
    Suspend,
    Reactivate,
    Wait(Duration),
}

fn step() -> impl Strategy<Value = Step> {
    let waits = [Duration::from_mins(6), Duration::from_mins(40), Duration::from_mins(59), Duration::from_hours(9)];
    prop_oneof![
        3 => Just(Step::SignIn),
        9 => (0..6_usize).prop_map(Step::Refresh),
        1 => (0..4_usize).prop_map(Step::SignOut),
        1 => (0..4_usize).prop_map(Step::Revoke),
        1 => Just(Step::Suspend),
        2 => Just(Step::Reactivate),
        2 => (0..waits.len()).prop_map(move |which| Step::Wait(waits[which])),
    ]
}

/// A session as the model knows it.
struct Begun {
    /// As they were given out last.
    tokens: v1::SessionTokens,
    is_ended: bool,
    used_at: Timestamp,
    expires_at: Timestamp,
}

impl Begun {
    fn is_alive(&self, now: Timestamp) -> bool {
        !self.is_ended && now < self.expires_at && now < self.used_at.plus(Session::MAX_IDLE)
    }
}

/// One person and all that happens to it.
struct Play<'a> {
    server: &'a TestServer,
    env: Arc<Environment>,
    mine: OrganizationActor,
    username: String,
    user: UserId,
    is_suspended: bool,
    /// The latest last.
    sessions: Vec<Begun>,
    /// Every refresh token ever given out with the place of its session, the latest first.
    given: Vec<(String, usize)>,
}

impl Play<'_> {
    fn change_status(&self) -> ChangeStatus {
        let home = OrganizationId::parse(&self.mine.organization).unwrap();
        ChangeStatus { home, user: self.user, mode: Mode::Execute }
    }

    /// With a token that is young: time passes in every play.
    async fn administrator(&self) -> Actor {
        self.server.actor(&self.mine.credential).await
    }

    async fn take(&mut self, step: &Step) {
        let caller = Caller::system("test");
        match step {
            Step::Wait(length) => self.server.clock.advance(*length),
            Step::SignIn => self.sign_in().await,
            Step::Refresh(place) => self.refresh(*place).await,
            Step::SignOut(place) => self.sign_out(*place).await,
            Step::Revoke(place) => self.revoke(*place).await,
            Step::Suspend => {
                let outcome = suspend_user(&self.env, &caller, &self.change_status()).await;
                assert_eq!(outcome.is_ok(), !self.is_suspended);
                self.is_suspended = true;
                self.sessions.iter_mut().for_each(|session| session.is_ended = true);
            }
            Step::Reactivate => {
                let outcome = reactivate_user(&self.env, &caller, &self.change_status()).await;
                assert_eq!(outcome.is_ok(), self.is_suspended);
                self.is_suspended = false;
            }
        }
    }

    async fn sign_in(&mut self) {
        if self.is_suspended {
            return;
        }
        let place = SIGN_INS.fetch_add(1, Ordering::Relaxed);
        let tokens = sign_in_from(self.server, &self.administrator().await, place, &self.username).await.tokens;
        let expires_at = tokens.session.as_ref().unwrap().expire_time.unwrap();
        let expires_at = Timestamp::from_micros(expires_at.seconds * 1_000_000 + i64::from(expires_at.nanos) / 1000);
        self.given.insert(0, (tokens.refresh_token.clone(), self.sessions.len()));
        self.sessions.push(Begun { tokens, is_ended: false, used_at: self.server.clock.now(), expires_at });
    }

    async fn refresh(&mut self, place: usize) {
        let nobodys = ("varco_refresh_nobody".to_owned(), usize::MAX);
        let (token, of) = self.given.get(place).cloned().unwrap_or(nobodys);
        let outcome = refresh(self.server, &token).await;
        let now = self.server.clock.now();
        let Some(session) = self.sessions.get_mut(of) else { return assert!(outcome.is_err(), "nobody's token") };
        let is_first = session.tokens.refresh_token == token;
        assert_eq!(outcome.is_ok(), session.is_alive(now) && is_first, "{outcome:?}");
        let Ok(tokens) = outcome else {
            session.is_ended |= !is_first;
            return;
        };
        assert_eq!(tokens.session.as_ref().unwrap().user_id, self.user.to_string());
        self.given.insert(0, (tokens.refresh_token.clone(), of));
        (session.tokens, session.used_at) = (tokens, now);
    }

    async fn sign_out(&mut self, place: usize) {
        let Some(session) = self.sessions.get_mut(place) else { return };
        let user = UserActor::new(self.server, session.tokens.clone());
        let outcome = ask!(user.authentication().sign_out(v1::SignOutRequest {}));
        session.is_ended |= outcome.is_ok();
    }

    async fn revoke(&mut self, place: usize) {
        let administrator = self.administrator().await;
        let Some(session) = self.sessions.get_mut(place) else { return };
        let id = session.tokens.session.as_ref().unwrap().session_id.clone();
        let outcome = revoke(&administrator, &id).await;
        assert_eq!(outcome.is_ok(), session.is_alive(self.server.clock.now()), "{outcome:?}");
        session.is_ended = true;
    }

    /// An access token works only while its session does, and the list has those that do.
    async fn compare(&self) {
        let (mut alive, now) = (Vec::new(), self.server.clock.now());
        for session in &self.sessions {
            let is_alive = session.is_alive(now);
            assert!(is_alive || !works(self.server, &session.tokens).await, "nothing brings it back");
            alive.extend(is_alive.then(|| session.tokens.session.as_ref().unwrap().session_id.clone()));
        }
        let mut work = self.env.store.begin_read().await.unwrap();
        let listed = work.sessions().list(self.user, None, now, 1000).await.unwrap().items;
        let listed: Vec<String> = listed.into_iter().map(|session| session.id.to_string()).collect();
        assert_eq!(listed, alive);
    }
}

async fn play(server: &TestServer, username: String, steps: &[Step]) {
    let mine = server.organization(&username).await;
    let user = mine.create_person(server, &username, BackOfficeLevel::None).await;
    let (env, user) = (server.environment().await, UserId::parse(&user).unwrap());
    let mut play =
        Play { server, env, mine, username, user, is_suspended: false, sessions: Vec::new(), given: Vec::new() };
    play.sign_in().await;
    for step in steps {
        play.take(step).await;
        play.compare().await;
    }
    // Whatever is left of it: of each session one token at most still works.
    let (given, count) = (play.given.clone(), play.sessions.len());
    let mut refreshed = vec![0; count];
    for (token, of) in given {
        refreshed[of] += usize::from(refresh(server, &token).await.is_ok());
    }
    assert!(refreshed.iter().all(|times| *times <= 1), "{refreshed:?}");
}

on_every_database! {
    async fn a_session_goes_on_by_its_last_token_alone(server: TestServer) {
        let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
        let (count, handle) = (AtomicUsize::new(0), tokio::runtime::Handle::current());
        let result = tokio::task::block_in_place(|| {
            TestRunner::new(config).run(&proptest::collection::vec(step(), 1..24), |steps| {
                let username = format!("person-{}", count.fetch_add(1, Ordering::Relaxed));
                let played = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    handle.block_on(play(&server, username, &steps));
                }));
                played.map_err(|_| TestCaseError::fail("the service and the model disagree"))
            })
        });
        result.unwrap();
    }
}
