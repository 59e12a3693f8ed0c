//! Whatever is called in whatever order: a session has given the PIN only where the password and the PIN
//! were given in one chain, whoever demands the PIN is entered by no other, and every step goes on once.
//! The calls play against a model that knows no more than what was asked for and what was answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use varco_application::{Clock, Environment};
use varco_domain::{Session, SessionId, Timestamp, UserId};
use varco_proto::v1::continue_sign_in_response::Result as Continued;
use varco_proto::v1::select_organization_response::Result as Selected;
use varco_proto::v1::sign_in_response::Result as Begun;
use varco_testkit::{Actor, on_every_database};

use super::*;

/// Of these the second demands the PIN of everybody who enters it.
const ORGANIZATIONS: usize = 3;
const STRICT: usize = 1;

/// An access token is surely as good as new.
const FRESH: Duration = Duration::from_mins(4);

/// So many wrong PINs slow nobody down.
const FREE_TRIES: u32 = 5;

/// How many sign-ins there were, each from another address.
static SIGN_INS: AtomicUsize = AtomicUsize::new(0);

/// How many sessions there were that had given the PIN.
static WITH_PIN: AtomicUsize = AtomicUsize::new(0);

#[derive(Clone, Debug)]
enum Move {
    /// With the right password, and where to.
    SignIn(Option<usize>),
    WrongPassword,
    /// With any step that was ever asked for, the latest first.
    GoOn(usize, Answer),
    /// From any session that ever began, the latest first, and where to.
    Select(usize, usize),
    Wait(Duration),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Answer {
    RightPin,
    WrongPin,
    Organization(usize),
    /// Nobody is asked for one here.
    Password,
}

fn moves() -> impl Strategy<Value = Move> {
    let target = prop_oneof![Just(None), (0..ORGANIZATIONS).prop_map(Some)];
    let answer = prop_oneof![
        4 => Just(Answer::RightPin),
        1 => Just(Answer::WrongPin),
        3 => (0..ORGANIZATIONS).prop_map(Answer::Organization),
        1 => Just(Answer::Password),
    ];
    prop_oneof![
        4 => target.prop_map(Move::SignIn),
        1 => Just(Move::WrongPassword),
        9 => (0..4_usize, answer).prop_map(|(step, answer)| Move::GoOn(step, answer)),
        4 => (0..3_usize, 0..ORGANIZATIONS).prop_map(|(session, to)| Move::Select(session, to)),
        1 => Just(Move::Wait(Duration::from_mins(11))),
    ]
}

/// What a chain has shown so far, beside the password with which it began.
#[derive(Clone, Copy)]
struct Chain {
    pin: bool,
    target: Option<usize>,
    /// The session in whose place another is to begin.
    replaced: Option<usize>,
}

/// A step as the model knows it.
struct Asked {
    step: SignInStep,
    chain: Chain,
    tries: u32,
    is_used: bool,
    expires_at: Timestamp,
}

/// A session as the model knows it.
struct Started {
    tokens: v1::SessionTokens,
    pin: bool,
    is_ended: bool,
    began_at: Timestamp,
}

impl Started {
    fn is_alive(&self, now: Timestamp) -> bool {
        !self.is_ended && now < self.began_at.plus(Session::MAX_IDLE)
    }
}

/// What came of a call, whichever it was.
enum Outcome {
    Session(Box<v1::SessionTokens>),
    Step(SignInStep),
}

impl From<Begun> for Outcome {
    fn from(begun: Begun) -> Self {
        match begun {
            Begun::Session(tokens) => Self::Session(Box::new(tokens)),
            Begun::NextStep(step) => Self::Step(step),
        }
    }
}

impl From<Continued> for Outcome {
    fn from(continued: Continued) -> Self {
        match continued {
            Continued::Session(tokens) => Self::Session(Box::new(tokens)),
            Continued::NextStep(step) => Self::Step(step),
        }
    }
}

impl From<Selected> for Outcome {
    fn from(selected: Selected) -> Self {
        match selected {
            Selected::Session(tokens) => Self::Session(Box::new(tokens)),
            Selected::NextStep(step) => Self::Step(step),
        }
    }
}

/// One person and all that happens to it.
struct Play<'a> {
    server: &'a TestServer,
    env: Arc<Environment>,
    organizations: [OrganizationActor; ORGANIZATIONS],
    /// The home demands the PIN as well, of all its own.
    is_strict: bool,
    username: String,
    user: UserId,
    /// Once it was mailed.
    pin: Option<String>,
    wrong_passwords: u32,
    wrong_pins: u32,
    /// The latest last.
    asked: Vec<Asked>,
    started: Vec<Started>,
}

impl Play<'_> {
    fn now(&self) -> Timestamp {
        self.server.clock.now()
    }

    /// With a token that is young: time passes in every play.
    async fn gateway(&self) -> Actor {
        self.server.actor(&self.organizations[0].credential).await
    }

    async fn make(&mut self, made: &Move) {
        match made {
            Move::Wait(length) => self.server.clock.advance(*length),
            Move::SignIn(target) => self.sign_in(*target, PASSWORD).await,
            Move::WrongPassword => {
                self.wrong_passwords += 1;
                self.sign_in(None, wrong()).await;
            }
            Move::GoOn(place, answer) => {
                if let Some(place) = self.asked.len().checked_sub(place + 1) {
                    self.go_on(place, *answer).await;
                }
            }
            Move::Select(place, to) => {
                if let Some(place) = self.started.len().checked_sub(place + 1) {
                    self.select(place, *to).await;
                }
            }
        }
    }

    async fn sign_in(&mut self, target: Option<usize>, password: &str) {
        let place = SIGN_INS.fetch_add(1, Ordering::Relaxed);
        let address = format!("10.{}.{}.1", place / 256, place % 256);
        let request = v1::SignInRequest {
            username: self.username.clone(),
            password: password.to_owned(),
            organization_id: target.map_or(String::new(), |target| self.organizations[target].organization.clone()),
            client: Some(v1::SignInClient { address, user_agent: String::new() }),
        };
        let outcome = ask!(self.gateway().await.authentication().sign_in(request));
        let Ok(answer) = outcome else {
            return assert!(password == wrong() || self.wrong_passwords >= FREE_TRIES, "{outcome:?}");
        };
        assert_eq!(password, PASSWORD, "no other lets anybody in");
        self.follow(answer.result.unwrap().into(), Chain { pin: false, target, replaced: None }).await;
    }

    async fn go_on(&mut self, place: usize, answer: Answer) {
        let given = match answer {
            Answer::RightPin => Given::Pin(self.pin.clone().unwrap_or_default()),
            Answer::WrongPin => {
                Given::Pin(if self.pin.as_deref() == Some("482915") { "915482" } else { "482915" }.to_owned())
            }
            Answer::Organization(to) => Given::ChosenOrganizationId(self.organizations[to].organization.clone()),
            Answer::Password => Given::NewPassword(ANOTHER.to_owned()),
        };
        let outcome = go_on(self.server, &self.asked[place].step, given).await;
        let is_right = self.is_right(place, answer);
        let is_pin = self.asked[place].step.kind() == SignInStepKind::Pin;
        let is_slowed = is_pin && (self.wrong_pins >= FREE_TRIES || self.asked[place].tries >= FREE_TRIES);
        self.asked[place].tries += 1;
        let Ok(answered) = outcome else {
            self.wrong_pins += u32::from(is_pin);
            return assert!(!is_right || is_slowed, "{answer:?}: {outcome:?}");
        };
        assert!(is_right, "{answer:?} must not do for {:?}", self.asked[place].step);
        self.asked[place].is_used = true;
        let mut chain = self.asked[place].chain;
        match answer {
            Answer::Organization(to) => chain.target = Some(to),
            _ => (chain.pin, self.wrong_pins) = (true, 0),
        }
        self.follow(answered.into(), chain).await;
    }

    /// Whether this is what was asked for, once and in time, in a chain that still holds.
    fn is_right(&self, place: usize, answer: Answer) -> bool {
        let (asked, now) = (&self.asked[place], self.now());
        let is_it = match asked.step.kind() {
            SignInStepKind::Pin => answer == Answer::RightPin,
            SignInStepKind::ChooseOrganization => matches!(answer, Answer::Organization(_)),
            _ => false,
        };
        let holds = asked.chain.replaced.is_none_or(|replaced| self.started[replaced].is_alive(now));
        is_it && holds && !asked.is_used && now < asked.expires_at
    }

    async fn select(&mut self, place: usize, to: usize) {
        let (session, now) = (&self.started[place], self.now());
        if now > session.began_at.plus(FRESH) {
            return;
        }
        let user = UserActor::new(self.server, session.tokens.clone());
        let organization_id = self.organizations[to].organization.clone();
        let request = v1::SelectOrganizationRequest { organization_id, client: None };
        let outcome = ask!(user.authentication().select_organization(request));
        assert_eq!(outcome.is_ok(), session.is_alive(now), "{outcome:?}");
        let Ok(answer) = outcome else { return };
        let chain = Chain { pin: session.pin, target: Some(to), replaced: Some(place) };
        self.follow(answer.result.unwrap().into(), chain).await;
    }

    /// Holds what came of a step that was right against what is still missing.
    async fn follow(&mut self, outcome: Outcome, chain: Chain) {
        let demands_pin = self.is_strict || chain.target == Some(STRICT);
        match (outcome, chain.target) {
            (Outcome::Step(step), _) if demands_pin && !chain.pin => {
                is_kind(&step, SignInStepKind::Pin);
                if self.pin.is_none() {
                    self.pin = Some(mailed_pin(self.server, &self.username).await);
                }
                self.ask(step, chain);
            }
            (Outcome::Step(step), None) => {
                is_kind(&step, SignInStepKind::ChooseOrganization);
                self.ask(step, chain);
            }
            (Outcome::Session(tokens), Some(target)) if chain.pin || !demands_pin => self.start(*tokens, chain, target),
            (Outcome::Session(_), target) => panic!("it came too soon to {target:?}, the PIN given: {}", chain.pin),
            (Outcome::Step(step), target) => panic!("nothing is missing to {target:?}: {step:?}"),
        }
    }

    fn ask(&mut self, step: SignInStep, chain: Chain) {
        let expires_at = self.now().plus(Duration::from_mins(10));
        self.asked.push(Asked { step, chain, tries: 0, is_used: false, expires_at });
    }

    fn start(&mut self, tokens: v1::SessionTokens, chain: Chain, target: usize) {
        let session = tokens.session.as_ref().unwrap();
        assert_eq!(session.user_id, self.user.to_string());
        assert_eq!(session.organization_id, self.organizations[target].organization);
        if let Some(replaced) = chain.replaced {
            self.started[replaced].is_ended = true;
        }
        WITH_PIN.fetch_add(usize::from(chain.pin), Ordering::Relaxed);
        self.started.push(Started { tokens, pin: chain.pin, is_ended: false, began_at: self.now() });
    }

    /// There are the sessions that the model knows and no others, and they have shown what it saw.
    async fn compare(&self) {
        let now = self.now();
        let alive = self.started.iter().filter(|session| session.is_alive(now));
        let id = |session: &Started| SessionId::parse(&session.tokens.session.as_ref().unwrap().session_id).unwrap();
        let alive: Vec<(SessionId, bool)> = alive.map(|session| (id(session), session.pin)).collect();
        let mut work = self.env.store.begin_read().await.unwrap();
        let listed = work.sessions().list(self.user, None, now, 1000).await.unwrap().items;
        assert_eq!(listed.iter().map(|session| (session.id, session.pin_given)).collect::<Vec<_>>(), alive);
    }
}

async fn play(server: &TestServer, username: String, is_strict: bool, made: &[Move]) {
    let mut organizations = Vec::new();
    for number in 0..ORGANIZATIONS {
        organizations.push(server.organization(&format!("{username} {number}")).await);
    }
    let organizations: [OrganizationActor; ORGANIZATIONS] = organizations.try_into().ok().unwrap();
    let user = UserId::parse(&person(server, &organizations[0], &username).await).unwrap();
    for host in &organizations[1..] {
        invite_guest(host, &username).await;
    }
    demand_pin(&organizations[STRICT]).await;
    if is_strict {
        demand_pin(&organizations[0]).await;
    }
    let env = server.environment().await;
    let (asked, started) = (Vec::new(), Vec::new());
    let (pin, wrong_passwords, wrong_pins) = (None, 0, 0);
    let mut play = Play {
        server,
        env,
        organizations,
        is_strict,
        username,
        user,
        pin,
        wrong_passwords,
        wrong_pins,
        asked,
        started,
    };
    for made in made {
        play.make(made).await;
        play.compare().await;
    }
}

on_every_database! {
    async fn no_way_to_a_session_leaves_out_a_step(server: TestServer) {
        let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
        let (count, handle) = (AtomicUsize::new(0), tokio::runtime::Handle::current());
        let plays = (any::<bool>(), proptest::collection::vec(moves(), 4..24));
        let result = tokio::task::block_in_place(|| {
            TestRunner::new(config).run(&plays, |(is_strict, made)| {
                let username = format!("person-{}", count.fetch_add(1, Ordering::Relaxed));
                let played = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    handle.block_on(play(&server, username, is_strict, &made));
                }));
                played.map_err(|_| TestCaseError::fail("the service and the model disagree"))
            })
        });
        result.unwrap();
        assert!(WITH_PIN.load(Ordering::Relaxed) > 0, "no play came far");
    }
}
