//! Whatever is called in whatever order: a password comes about by a mailed link that works, by the
//! proof of the one before, or by an administrator's reset, and by nothing else. The use cases play
//! against a model that knows no more than what was mailed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use proptest::prelude::{Strategy, prop_oneof};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use varco_application::credentials::{
    ChangePassword, ResendActivation, Reset, UseLink, activate_account, change_password, complete_password_reset,
    request_password_reset, resend_activation, reset_password,
};
use varco_application::sign_in::Origin;
use varco_application::users::{ChangeStatus, reactivate_user, suspend_user};
use varco_application::{Caller, Clock, Environment, Mode, PasswordHash, PlainSecret, Verified};
use varco_domain::{OrganizationId, SessionId, Timestamp, UserId};
use varco_testkit::{TestServer, on_every_database};

use super::invited;

const HOUR: Duration = Duration::from_hours(1);

/// The last one is none that may be chosen.
const PASSWORDS: [&str; 4] =
    ["correct horse, green battery", "a wooden boat, seven oars", "three blue umbrellas", "too short"];

/// How often somebody has asked for a link.
static ASKED: AtomicUsize = AtomicUsize::new(0);

#[derive(Clone, Debug)]
enum Step {
    Resend,
    /// By any link that was ever mailed, or by none.
    Activate {
        link: usize,
        password: usize,
    },
    Ask,
    /// As `Activate`.
    Complete {
        link: usize,
        password: usize,
    },
    /// By any password that was ever mailed or may be chosen.
    Change {
        current: usize,
        password: usize,
    },
    Reset,
    Suspend,
    Reactivate,
    Wait(Duration),
}

fn step() -> impl Strategy<Value = Step> {
    let waits = [Duration::from_mins(4), Duration::from_mins(7), HOUR, 24 * 8 * HOUR];
    prop_oneof![
        1 => (0..1_u8).prop_map(|_| Step::Resend),
        5 => (0..4_usize, 0..PASSWORDS.len()).prop_map(|(link, password)| Step::Activate { link, password }),
        3 => (0..1_u8).prop_map(|_| Step::Ask),
        5 => (0..4_usize, 0..PASSWORDS.len()).prop_map(|(link, password)| Step::Complete { link, password }),
        3 => (0..5_usize, 0..PASSWORDS.len()).prop_map(|(current, password)| Step::Change { current, password }),
        1 => (0..1_u8).prop_map(|_| Step::Reset),
        1 => (0..1_u8).prop_map(|_| Step::Suspend),
        1 => (0..1_u8).prop_map(|_| Step::Reactivate),
        2 => (0..waits.len()).prop_map(move |which| Step::Wait(waits[which])),
    ]
}

/// A link as its mail says.
#[derive(Clone, Debug, PartialEq)]
struct Link {
    token: String,
    expires_at: Timestamp,
}

/// What must be true, by what was mailed and done.
#[derive(Default)]
struct Model {
    is_activated: bool,
    is_suspended: bool,
    password: Option<String>,
    activation: Option<Link>,
    recovery: Option<Link>,
    /// When another three mails may be asked for.
    mails_whole_at: Option<Timestamp>,
    /// Every link ever mailed, the latest first.
    links: Vec<Link>,
    /// Every temporary password ever mailed, the latest first.
    temporary: Vec<String>,
}

impl Model {
    fn is_active(&self) -> bool {
        self.is_activated && !self.is_suspended
    }

    /// The token of a link by its place among all, the latest first; nobody's after the last.
    fn token(&self, place: usize) -> String {
        self.links.get(place).map_or_else(|| "varco_link_nobody".to_owned(), |link| link.token.clone())
    }

    /// Counts a mail that was asked for, if there is room for it.
    fn admits_mail(&mut self, now: Timestamp) -> bool {
        let whole_at = self.mails_whole_at.filter(|at| *at > now).unwrap_or(now).plus(HOUR);
        let has_room = whole_at <= now.plus(3 * HOUR);
        if has_room {
            self.mails_whole_at = Some(whole_at);
        }
        has_room
    }
}

fn works(link: Option<&Link>, token: &str, now: Timestamp) -> bool {
    link.is_some_and(|link| link.token == token && now < link.expires_at)
}

fn may_be_chosen(password: usize) -> bool {
    password + 1 < PASSWORDS.len()
}

/// One person and all that happens to it.
struct Play<'a> {
    server: &'a TestServer,
    env: &'a std::sync::Arc<Environment>,
    home: OrganizationId,
    username: String,
    user: String,
    model: Model,
}

impl Play<'_> {
    fn user(&self) -> UserId {
        UserId::parse(&self.user).unwrap()
    }

    fn change_status(&self) -> ChangeStatus {
        ChangeStatus { home: self.home, user: self.user(), mode: Mode::Execute }
    }

    async fn stored(&self) -> Option<PasswordHash> {
        let mut work = self.env.store.begin_read().await.unwrap();
        work.credentials().find_password(self.user()).await.unwrap().map(|password| password.hash)
    }

    /// Notes the link that was just mailed, and gives it.
    async fn received_link(&mut self) -> Link {
        let mail = self.server.last_mail(&format!("{}@example.com", self.username)).await;
        let expires_at = Timestamp::from_micros(mail.value("expires_at").parse().unwrap());
        let link = Link { token: mail.value("token").to_owned(), expires_at };
        self.model.links.insert(0, link.clone());
        link
    }

    async fn mail_count(&self) -> usize {
        let recipient = format!("{}@example.com", self.username);
        self.server.mails().await.into_iter().filter(|mail| mail.recipient == recipient).count()
    }

    /// Takes a step in the service and in the model, and says whether the model expects another
    /// password after it.
    async fn take(&mut self, step: &Step) -> bool {
        let now = self.server.clock.now();
        match step {
            Step::Wait(length) => self.server.clock.advance(*length),
            Step::Resend => self.resend().await,
            Step::Suspend if !self.model.is_suspended => {
                suspend_user(self.env, &Caller::system("test"), &self.change_status()).await.unwrap();
                self.model.is_suspended = true;
                (self.model.activation, self.model.recovery) = (None, None);
                // What was mailed goes, a temporary password as well.
                let temporary = &self.model.temporary;
                let mailed = self.model.password.take_if(|password| temporary.contains(password));
                return mailed.is_some();
            }
            Step::Reactivate if self.model.is_suspended => self.reactivate().await,
            Step::Suspend | Step::Reactivate => (),
            Step::Ask => self.ask(now).await,
            Step::Reset => return self.reset().await,
            Step::Activate { link, password } => return self.activate(*link, *password, now).await,
            Step::Complete { link, password } => return self.complete(*link, *password, now).await,
            Step::Change { current, password } => return self.change(*current, *password).await,
        }
        false
    }

    async fn resend(&mut self) {
        let is_invited = !self.model.is_activated && !self.model.is_suspended;
        let command = ResendActivation { home: self.home, user: self.user(), mode: Mode::Execute };
        let outcome = resend_activation(self.env, &Caller::system("test"), &command).await;
        assert_eq!(outcome.is_ok(), is_invited);
        if is_invited {
            self.model.activation = Some(self.received_link().await);
        }
    }

    async fn reactivate(&mut self) {
        reactivate_user(self.env, &Caller::system("test"), &self.change_status()).await.unwrap();
        self.model.is_suspended = false;
    }

    async fn ask(&mut self, now: Timestamp) {
        let before = self.mail_count().await;
        // Each from another address: only the account's own limit counts.
        let place = ASKED.fetch_add(1, Ordering::Relaxed);
        let address = format!("10.{}.{}.1", place / 256, place % 256);
        let caller = Caller { address: Some(address), ..Caller::system("test") };
        let origin = Origin::of(self.env, &caller, None, None);
        let requested = request_password_reset(self.env, &origin, &self.username).await.unwrap();
        requested.unwrap().mail().await;
        let is_mailed = self.model.is_active() && self.model.admits_mail(now);
        assert_eq!(self.mail_count().await - before, usize::from(is_mailed));
        if is_mailed {
            self.model.recovery = Some(self.received_link().await);
        }
    }

    async fn reset(&mut self) -> bool {
        let command = Reset { home: self.home, user: self.user(), mode: Mode::Execute };
        let outcome = reset_password(self.env, &Caller::system("test"), &command).await;
        assert_eq!(outcome.is_ok(), self.model.is_activated);
        if outcome.is_ok() {
            let mail = self.server.last_mail(&format!("{}@example.com", self.username)).await;
            self.model.temporary.insert(0, mail.value("password").to_owned());
            self.model.password = Some(mail.value("password").to_owned());
            self.model.recovery = None;
        }
        outcome.is_ok()
    }

    fn by_link(&self, link: usize, password: usize) -> UseLink {
        UseLink {
            token: PlainSecret::new(self.model.token(link)),
            password: PlainSecret::new(PASSWORDS[password].to_owned()),
        }
    }

    async fn activate(&mut self, link: usize, password: usize, now: Timestamp) -> bool {
        let outcome = activate_account(self.env, &Caller::system("test"), &self.by_link(link, password)).await;
        let is_invited = !self.model.is_activated && !self.model.is_suspended;
        let has_link = works(self.model.activation.as_ref(), &self.model.token(link), now);
        assert_eq!(outcome.is_ok(), is_invited && has_link && may_be_chosen(password));
        if outcome.is_ok() {
            self.model.is_activated = true;
            self.model.activation = None;
            self.model.password = Some(PASSWORDS[password].to_owned());
        }
        outcome.is_ok()
    }

    async fn complete(&mut self, link: usize, password: usize, now: Timestamp) -> bool {
        let command = self.by_link(link, password);
        let outcome = complete_password_reset(self.env, &Caller::system("test"), &command).await;
        let has_link = works(self.model.recovery.as_ref(), &self.model.token(link), now);
        assert_eq!(outcome.is_ok(), self.model.is_active() && has_link && may_be_chosen(password));
        if outcome.is_ok() {
            self.model.recovery = None;
            self.model.password = Some(PASSWORDS[password].to_owned());
        }
        outcome.is_ok()
    }

    async fn change(&mut self, current: usize, password: usize) -> bool {
        // Whoever is not active has no session to call from.
        if !self.model.is_active() {
            return false;
        }
        self.server.clock.advance(Duration::from_secs(10));
        let guess = PASSWORDS.get(current).map(|it| (*it).to_owned()).or(self.model.temporary.first().cloned());
        let guess = guess.unwrap_or_default();
        let command = ChangePassword {
            user: self.user(),
            session: SessionId::from_uuid(uuid::Uuid::nil()),
            unverified_current: PlainSecret::new(guess.clone()),
            password: PlainSecret::new(PASSWORDS[password].to_owned()),
        };
        let outcome = change_password(self.env, &Caller::system("test"), &command).await;
        let is_proved = self.model.password.as_ref() == Some(&guess);
        assert_eq!(outcome.is_ok(), is_proved && may_be_chosen(password) && guess != PASSWORDS[password]);
        if outcome.is_ok() {
            self.model.recovery = None;
            self.model.password = Some(PASSWORDS[password].to_owned());
        }
        outcome.is_ok()
    }

    /// The password of the model is the one that is stored.
    async fn assert_stored(&self) {
        let stored = self.stored().await;
        assert_eq!(stored.is_some(), self.model.password.is_some());
        if let Some(password) = &self.model.password {
            let verified = self.env.password_hasher.verify(stored, PlainSecret::new(password.clone())).await;
            assert_eq!(verified.unwrap(), Verified::Yes);
        }
    }
}

async fn play(server: &TestServer, username: String, steps: &[Step]) {
    // Of its own, with a token that is young: time passes in every play.
    let mine = server.organization(&username).await;
    let home = OrganizationId::parse(&mine.organization).unwrap();
    let env = server.environment().await;
    let user = invited(&mine, &username).await;
    let mut play = Play { server, env: &env, home, username, user, model: Model::default() };
    play.model.activation = Some(play.received_link().await);
    for step in steps {
        let before = play.stored().await;
        let is_expected = play.take(step).await;
        assert_eq!(play.stored().await != before, is_expected, "{step:?} of {steps:?}");
    }
    play.assert_stored().await;
}

on_every_database! {
    async fn only_a_link_or_the_proved_password_leads_to_another_password(server: TestServer) {
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
