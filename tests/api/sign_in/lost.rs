//! What loses against other writers, or finds no thread to hash on, is no try.

use std::sync::Arc;

use varco_application::credentials::{ChangePassword, CredentialError, change_password};
use varco_application::sign_in::{
    Answer, Answered, ContinueSignIn, NextStep, Origin, SignIn, SignInError, continue_sign_in, sign_in,
};
use varco_application::storage::StorageError;
use varco_application::{Caller, Environment, PlainSecret};
use varco_domain::{SessionId, UserId};
use varco_testkit::{Faults, TestServer, on_every_database};

use super::*;

/// More than a use case puts up with itself.
const ALWAYS: [bool; 5] = [true; 5];

fn origin(env: &Environment) -> Origin {
    Origin::of(env, &Caller::system("test"), None, None)
}

async fn give_password(env: &Environment) -> Result<Answered, SignInError> {
    let unverified_password = PlainSecret::new(PASSWORD.to_owned());
    let command =
        SignIn { unverified_name: "ana".to_owned(), unverified_password, organization: None, origin: origin(env) };
    sign_in(env, &command).await
}

async fn give_pin(env: &Environment, step: &NextStep, pin: &str) -> Result<Answered, SignInError> {
    let command = ContinueSignIn {
        unverified_challenge: step.challenge.clone(),
        answer: Answer::Pin(PlainSecret::new(pin.to_owned())),
        origin: origin(env),
    };
    continue_sign_in(env, &command).await
}

fn is_session(answered: Result<Answered, SignInError>) {
    assert!(matches!(answered, Ok(Answered::Session(_))), "{answered:?}");
}

fn is_lost(answered: Result<Answered, SignInError>) {
    assert!(matches!(answered, Err(SignInError::Storage(StorageError::Contention))), "{answered:?}");
}

fn is_overloaded(answered: Result<Answered, SignInError>) {
    assert!(matches!(answered, Err(SignInError::Overloaded { .. })), "{answered:?}");
}

/// A server where Ana signed in before, so that a wrong password would cost a pause.
async fn known(server: &TestServer) -> (OrganizationActor, String, Environment, Arc<Faults>) {
    let (actor, user) = office(server).await;
    let (env, faults) = server.faulty_environment().await;
    is_session(give_password(&env).await);
    (actor, user, env, faults)
}

/// A sign-in that waits for the PIN, and the PIN.
async fn at_pin(server: &TestServer, actor: &OrganizationActor, env: &Environment) -> (NextStep, String) {
    demand_pin(actor).await;
    match give_password(env).await {
        Ok(Answered::Next(step)) => (step, mailed_pin(server, "ana").await),
        other => panic!("no PIN is asked for: {other:?}"),
    }
}

on_every_database! {
    async fn a_right_password_that_loses_is_let_in_at_once(server: TestServer) {
        let (_, _, env, faults) = known(&server).await;
        faults.lose([true, true, false, true, true]);
        is_session(give_password(&env).await);
        assert!(faults.is_over());
        for _ in 0..3 {
            faults.lose([false].into_iter().chain(ALWAYS));
            is_lost(give_password(&env).await);
        }
        is_session(give_password(&env).await);
    }

    async fn a_password_that_finds_no_thread_is_no_try(server: TestServer) {
        let (_, _, env, faults) = known(&server).await;
        for _ in 0..3 {
            faults.be_busy([true]);
            is_overloaded(give_password(&env).await);
        }
        is_session(give_password(&env).await);
    }

    async fn a_right_password_whose_pin_finds_no_thread_is_no_try(server: TestServer) {
        let (actor, _, env, faults) = known(&server).await;
        demand_pin(&actor).await;
        for _ in 0..3 {
            faults.be_busy([false, true]);
            is_overloaded(give_password(&env).await);
        }
        assert!(matches!(give_password(&env).await, Ok(Answered::Next(_))));
    }

    async fn a_pin_that_finds_no_thread_is_no_try(server: TestServer) {
        let (actor, _, env, faults) = known(&server).await;
        let (step, pin) = at_pin(&server, &actor, &env).await;
        for _ in 0..6 {
            faults.be_busy([true]);
            is_overloaded(give_pin(&env, &step, &pin).await);
        }
        is_session(give_pin(&env, &step, &pin).await);
    }

    async fn a_right_pin_that_loses_is_let_in_at_once(server: TestServer) {
        let (actor, _, env, faults) = known(&server).await;
        let (step, pin) = at_pin(&server, &actor, &env).await;
        for _ in 0..6 {
            faults.lose([false].into_iter().chain(ALWAYS));
            is_lost(give_pin(&env, &step, &pin).await);
        }
        faults.lose([true, false, true]);
        is_session(give_pin(&env, &step, &pin).await);
        assert!(faults.is_over());
    }

    async fn a_wrong_pin_is_a_try_even_if_its_refusal_is_not_kept(server: TestServer) {
        let (actor, _, env, faults) = known(&server).await;
        let (step, pin) = at_pin(&server, &actor, &env).await;
        for _ in 0..5 {
            faults.lose([false].into_iter().chain(ALWAYS));
            is_lost(give_pin(&env, &step, "no PIN").await);
        }
        assert!(give_pin(&env, &step, &pin).await.is_err());
    }

    async fn a_change_of_the_password_that_loses_or_finds_no_thread_is_no_try(server: TestServer) {
        let (_, user, env, faults) = known(&server).await;
        let command = ChangePassword {
            user: UserId::parse(&user).unwrap(),
            session: SessionId::from_uuid(uuid::Uuid::nil()),
            unverified_current: PlainSecret::new(PASSWORD.to_owned()),
            password: PlainSecret::new(ANOTHER.to_owned()),
        };
        let caller = Caller::system("test");
        for busy in [&[true][..], &[false, true]] {
            faults.be_busy(busy.iter().copied());
            let changed = change_password(&env, &caller, &command).await;
            assert!(matches!(changed, Err(CredentialError::Busy(_))), "{changed:?}");
        }
        faults.lose([false].into_iter().chain(ALWAYS));
        let changed = change_password(&env, &caller, &command).await;
        assert!(matches!(changed, Err(CredentialError::Storage(StorageError::Contention))), "{changed:?}");
        faults.lose([false, true]);
        change_password(&env, &caller, &command).await.unwrap();
        assert!(faults.is_over());
    }
}
