//! Three replicas on one PostgreSQL database: what is tried or used through all of them at once is tried
//! or used as often as through one.

use std::fmt::Debug;

use futures::{StreamExt, stream};
use varco_application::Clock;
use varco_proto::v1::SignInRefusal;
use varco_testkit::TestServer;
use varco_testkit::databases::{Backend, Fixture};

use super::reports::{failures, reasons};
use super::*;
use crate::calls::{patiently, refusal};

const GUESSES: usize = 500;
const USES: usize = 100;
const AT_ONCE: usize = 60;

/// Of one account, in the spellings of its name.
const NAMES: [&str; 6] = ["ana", "ANA", " ana", "\u{ff41}na", "ana@example.com", "Ana@EXAMPLE.com"];

/// Runs a test on three replicas with an organization and one user in it.
async fn on_three(test: impl AsyncFnOnce(&[TestServer; 3], &OrganizationActor, &str)) {
    if !Backend::Postgres.is_wanted() {
        return;
    }
    let here = TestServer::on(Backend::Postgres).await;
    let (actor, user) = office(&here).await;
    let (second, third) = (here.replica().await, here.replica().await);
    let servers = [here, second, third];
    test(&servers, &actor, &user).await;
    for server in &servers {
        server.check_index().await;
    }
}

/// Each caller has an address of its own.
fn address(number: usize) -> String {
    format!("198.51.{}.{}", number / 250, number % 250)
}

/// Calls so often, as many at once as are answered before their deadline, and gives what came of it.
async fn at_once<T>(times: usize, call: impl AsyncFn(usize) -> Result<T, Status>) -> Vec<Result<T, Status>> {
    let call = &call;
    let calls = (0..times).map(async |number| patiently(async || call(number).await).await);
    stream::iter(calls).buffered(AT_ONCE).collect().await
}

/// Of how many guesses at a user this became.
async fn refused_by(actor: &OrganizationActor, user: &str, refusal: SignInRefusal) -> usize {
    let reasons = reasons(&failures(actor, &actor.organization, user).await.unwrap());
    reasons.into_iter().filter(|reason| *reason == refusal).count()
}

/// One went through, and every other was refused like this.
fn assert_one_won<T: Debug>(outcomes: Vec<Result<T, Status>>, refused: &str) {
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    for outcome in lost {
        assert_eq!(refusal(outcome), refused);
    }
}

/// The link that was mailed last.
async fn mailed_link(server: &TestServer, username: &str) -> String {
    server.last_mail(&format!("{username}@example.com")).await.value("token").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_five_hundred_guesses_at_a_password_five_are_verified() {
    on_three(async |servers, actor, user| {
        let through = servers.each_ref().map(|server| actor.through(server));
        let answers = at_once(GUESSES, async |number| {
            let (replica, name) = (number % 3, NAMES[number / 3 % NAMES.len()]);
            servers[replica].try_sign_in_from(&through[replica], &address(number), name, wrong()).await
        });
        let answers: Vec<String> = answers.await.into_iter().map(refusal).collect();
        assert_eq!(answers, vec![SIGN_IN_FAILED; GUESSES], "nobody learns that they are one account");
        assert_eq!(refused_by(actor, user, SignInRefusal::WrongPassword).await, 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_five_hundred_guesses_at_a_pin_in_ten_sign_ins_five_are_verified() {
    on_three(async |servers, actor, user| {
        demand_pin(actor).await;
        let mut begun = Vec::new();
        for number in 0..10 {
            let address = format!("203.0.113.{number}");
            match servers[number % 3].try_sign_in_from(actor, &address, "ana", PASSWORD).await.unwrap() {
                v1::sign_in_response::Result::NextStep(step) => begun.push(step),
                v1::sign_in_response::Result::Session(_) => panic!("the PIN is needed"),
            }
        }
        let pin = mailed_pin(&servers[0], "ana").await;
        let wrong_pin = if pin == "482915" { "915482" } else { "482915" };
        let through = servers.each_ref().map(|server| actor.through(server));
        let answers = at_once(GUESSES, async |number| {
            let request = v1::ContinueSignInRequest {
                challenge_token: begun[number / 3 % begun.len()].challenge_token.clone(),
                answer: Some(Given::Pin(wrong_pin.to_owned())),
                client: Some(v1::SignInClient { address: address(number), user_agent: String::new() }),
            };
            ask!(through[number % 3].authentication().continue_sign_in(request))
        });
        for answer in answers.await {
            let answer = refusal(answer);
            assert!([SIGN_IN_FAILED, TOO_MANY].contains(&answer.as_str()), "{answer}");
        }
        assert_eq!(refused_by(actor, user, SignInRefusal::WrongPin).await, 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_five_hundred_guesses_from_within_a_session_one_a_second_is_verified() {
    on_three(async |servers, _, _| {
        let ana = servers[0].sign_in_user("ana").await;
        let through = servers.each_ref().map(|server| UserActor::new(server, ana.tokens.clone()));
        let began = servers[0].clock.now();
        let answers = at_once(GUESSES, async |number| {
            let (current_password, password) = (format!("{ANOTHER} {number}"), "three blue umbrellas".to_owned());
            let request = v1::ChangePasswordRequest { current_password, password };
            ask!(through[number % 3].authentication().change_password(request))
        });
        let mut verified = 0;
        for answer in answers.await {
            match refusal(answer).as_str() {
                "FAILED_PRECONDITION PASSWORD_WRONG" => verified += 1,
                TOO_MANY => (),
                other => panic!("{other}"),
            }
        }
        // The clock goes on a little whenever somebody looks.
        let most = 1 + servers[0].clock.now().since(began).as_secs();
        assert!((1..=most).contains(&verified), "{verified} of {most}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_uses_of_an_activation_link_one_activates() {
    on_three(async |servers, actor, _| {
        actor.invite_person("bea", BackOfficeLevel::None).await;
        let token = mailed_link(&servers[0], "bea").await;
        let outcomes = at_once(USES, async |number| {
            let (token, password) = (token.clone(), format!("{PASSWORD} {number}"));
            let request = v1::ActivateAccountRequest { token, password };
            ask!(servers[number % 3].anonymous().activate_account(request))
        });
        assert_one_won(outcomes.await, "FAILED_PRECONDITION LINK_INVALID");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_uses_of_a_reset_link_one_chooses_the_password() {
    on_three(async |servers, _, _| {
        let request = v1::RequestPasswordResetRequest { username_or_email: "ana".to_owned(), client: None };
        ask!(servers[0].anonymous().request_password_reset(request)).unwrap();
        // A drain waits for what goes on behind the answer.
        servers[0].restart().await;
        let token = mailed_link(&servers[0], "ana").await;
        let outcomes = at_once(USES, async |number| {
            let (token, password) = (token.clone(), format!("{ANOTHER} {number}"));
            let request = v1::CompletePasswordResetRequest { token, password };
            ask!(servers[number % 3].anonymous().complete_password_reset(request))
        });
        assert_one_won(outcomes.await, "FAILED_PRECONDITION LINK_INVALID");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_uses_of_a_refresh_token_one_wins_and_the_session_ends() {
    on_three(async |servers, _, _| {
        let ana = servers[0].sign_in_user("ana").await;
        let outcomes = at_once(USES, async |number| {
            let request = v1::RefreshSessionRequest { refresh_token: ana.tokens.refresh_token.clone() };
            ask!(servers[number % 3].anonymous().refresh_session(request))
        });
        let outcomes = outcomes.await;
        let won = outcomes.iter().flatten().next().and_then(|answer| answer.session.clone()).unwrap();
        assert_one_won(outcomes, REFRESH_TOKEN_INVALID);
        assert!(refresh(&servers[1], &won.refresh_token).await.is_err(), "the others were thieves");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_changes_of_one_temporary_password_one_is_made() {
    on_three(async |servers, actor, user| {
        reset_password(actor, user).await;
        let temporary = servers[0].last_mail("ana@example.com").await.value("password").to_owned();
        let mut begun = Vec::new();
        for number in 0..6 {
            let address = format!("203.0.113.{number}");
            match servers[number % 3].try_sign_in_from(actor, &address, "ana", &temporary).await.unwrap() {
                v1::sign_in_response::Result::NextStep(step) => begun.push(step),
                v1::sign_in_response::Result::Session(_) => panic!("a temporary password lets nobody in"),
            }
        }
        let through = servers.each_ref().map(|server| actor.through(server));
        let outcomes = at_once(USES, async |number| {
            let request = v1::ContinueSignInRequest {
                challenge_token: begun[number / 3 % begun.len()].challenge_token.clone(),
                answer: Some(Given::NewPassword(format!("{ANOTHER} number {number}"))),
                client: Some(v1::SignInClient { address: address(number), user_agent: String::new() }),
            };
            ask!(through[number % 3].authentication().continue_sign_in(request))
        });
        assert_one_won(outcomes.await, SIGN_IN_FAILED);
    })
    .await;
}
