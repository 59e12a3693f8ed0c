//! Who guesses is slowed down; who owns the account is not.

use std::time::Duration;

use tokio::task::JoinSet;
use varco_application::Clock;
use varco_client::Refusal;
use varco_proto::v1::SignInRefusal;
use varco_proto::v1::continue_sign_in_request::Answer as Given;
use varco_testkit::databases::{Backend, Fixture};
use varco_testkit::{Actor, TestServer, on_every_database};

use super::reports::{failures, reasons};
use super::*;
use crate::calls::{patiently, refusal};

const QUARTER: Duration = Duration::from_mins(15);

/// Guesses a hundred times at once, by every spelling of the name, each from an address of its own, through
/// these in turn. What comes of it is the same for all.
async fn guess_at_once(gateways: &[Actor]) {
    let mut guesses = JoinSet::new();
    for number in 0..100 {
        let gateway = gateways[number % gateways.len()].clone();
        let name = ["ana", "ANA", " ana", "\u{ff41}na", "ana@example.com", "Ana@EXAMPLE.com"][number % 6];
        guesses.spawn(async move {
            let client = v1::SignInClient { address: format!("198.51.100.{number}"), user_agent: String::new() };
            let (username, password) = (name.to_owned(), wrong().to_owned());
            let request = v1::SignInRequest { username, password, client: Some(client), ..Default::default() };
            refusal(patiently(async || gateway.authentication().sign_in(request.clone()).await).await)
        });
    }
    assert_eq!(guesses.join_all().await, [SIGN_IN_FAILED; 100], "nobody learns that they are one account");
}

/// Of how many guesses at a user the password was looked at, and of how many not.
async fn verified(actor: &OrganizationActor, user: &str) -> (usize, usize) {
    let reasons = reasons(&failures(actor, &actor.organization, user).await.unwrap());
    let count = |refusal: SignInRefusal| reasons.iter().filter(|reason| **reason == refusal).count();
    (count(SignInRefusal::WrongPassword), count(SignInRefusal::TooManyAttempts))
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_guesses_through_two_replicas_five_are_verified() {
    if !Backend::Postgres.is_wanted() {
        return;
    }
    let here = TestServer::on(Backend::Postgres).await;
    let there = here.replica().await;
    let (actor, user) = office(&here).await;
    let elsewhere = actor.through(&there);
    guess_at_once(&[Actor::clone(&actor), Actor::clone(&elsewhere)]).await;
    assert_eq!(verified(&actor, &user).await, (5, 95));
}

on_every_database! {
    async fn of_a_hundred_guesses_at_once_five_are_verified(server: TestServer) {
        let (actor, user) = office(&server).await;
        guess_at_once(&[Actor::clone(&actor)]).await;
        assert_eq!(verified(&actor, &user).await, (5, 95));
    }

    async fn of_guesses_in_any_quarter_of_an_hour_five_are_verified(server: TestServer) {
        let (actor, user) = office(&server).await;
        for minute in 0..45 {
            let address = format!("198.51.100.{minute}");
            let name = ["ana", "ana@example.com"][minute % 2];
            let refused = server.try_sign_in_from(&actor, &address, name, wrong()).await;
            assert_eq!(refusal(refused), SIGN_IN_FAILED);
            server.clock.advance(Duration::from_mins(1));
        }
        let guesses = failures(&actor, &actor.organization, &user).await.unwrap();
        let times: Vec<i64> = guesses.iter().filter(|guess| guess.reason() == SignInRefusal::WrongPassword)
            .map(|guess| guess.occur_time.unwrap().seconds).collect();
        let within = |from: i64| times.iter().filter(|time| (from..from + 900).contains(*time)).count();
        assert!(times.iter().all(|time| within(*time) <= 5), "{times:?}");
        assert!(times.len() > 5, "it goes on: {times:?}");
    }

    async fn an_account_that_has_had_its_tries_refuses_the_right_password_too(server: TestServer) {
        let (actor, user) = office(&server).await;
        for number in 0..5 {
            let address = format!("198.51.100.{number}");
            server.try_sign_in_from(&actor, &address, "ana@example.com", wrong()).await.unwrap_err();
        }
        let right = server.try_sign_in_from(&actor, "203.0.113.9", "ana", PASSWORD).await;
        assert_eq!(refusal(right), SIGN_IN_FAILED);
        assert_eq!(verified(&actor, &user).await, (5, 1), "administrators see why");
        server.clock.advance(QUARTER);
        server.try_sign_in_from(&actor, "203.0.113.9", "ana", PASSWORD).await.unwrap();
    }

    async fn an_attacker_elsewhere_does_not_keep_the_owner_out(server: TestServer) {
        let (actor, _) = office(&server).await;
        server.try_sign_in_from(&actor, "192.0.2.1", "ana", PASSWORD).await.unwrap();
        for second in 0..60 {
            for number in 0..2 {
                let address = format!("198.51.100.{}", second % 20 * 2 + number);
                server.try_sign_in_from(&actor, &address, "ana", wrong()).await.unwrap_err();
            }
            server.clock.advance(Duration::from_secs(10));
        }
        let refused = server.try_sign_in_from(&actor, "203.0.113.9", "ana", PASSWORD).await.unwrap_err();
        assert_eq!(refusal::<()>(Err(refused)), SIGN_IN_FAILED, "from a source that is not known");
        server.try_sign_in_from(&actor, "192.0.2.1", "ana", PASSWORD).await.unwrap();
    }

    async fn who_waits_as_told_is_let_in(server: TestServer) {
        office(&server).await;
        for _ in 0..5 {
            assert_eq!(refusal(server.try_sign_in("ana", wrong()).await), SIGN_IN_FAILED);
        }
        let refused = server.try_sign_in("ana", PASSWORD).await.unwrap_err();
        let wait = Refusal::from(&refused).retry_after.expect("it says how long to wait");
        assert!(wait <= QUARTER && wait > QUARTER - Duration::from_secs(1), "{wait:?}");
        server.clock.advance(wait);
        server.sign_in_user("ana").await;
        // The success made the source known and the slate clean.
        server.sign_in_user("ana").await;
    }

    async fn a_known_source_waits_only_for_moments(server: TestServer) {
        office(&server).await;
        server.sign_in_user("ana").await;
        for _ in 0..10 {
            assert_eq!(refusal(server.try_sign_in("ana", wrong()).await), SIGN_IN_FAILED);
            let refused = server.try_sign_in("ana", wrong()).await.unwrap_err();
            let wait = Refusal::from(&refused).retry_after.expect("it says how long to wait");
            assert!(wait <= Duration::from_secs(5), "{wait:?}");
            server.clock.advance(wait);
        }
        server.sign_in_user("ana").await;
    }

    async fn one_source_may_not_try_all_names(server: TestServer) {
        for number in 0..20 {
            assert_eq!(refusal(server.try_sign_in(&format!("name-{number}"), wrong()).await), SIGN_IN_FAILED);
        }
        assert_eq!(refusal(server.try_sign_in("name-20", wrong()).await), TOO_MANY);
        server.clock.advance(Duration::from_secs(1));
        assert_eq!(refusal(server.try_sign_in("name-20", wrong()).await), SIGN_IN_FAILED);
    }

    async fn no_gateway_speaks_for_the_addresses_of_another(server: TestServer) {
        let (mine, _) = office(&server).await;
        let other = server.organization("other").await;
        server.try_sign_in_from(&mine, "192.0.2.1", "ana", PASSWORD).await.unwrap();
        for _ in 0..5 {
            let refused = server.try_sign_in_from(&other, "192.0.2.1", "ana", wrong()).await;
            assert_eq!(refusal(refused), SIGN_IN_FAILED);
        }
        assert_eq!(refusal(server.try_sign_in_from(&other, "192.0.2.1", "ana", wrong()).await), TOO_MANY);
        server.try_sign_in_from(&mine, "192.0.2.1", "ana", PASSWORD).await.unwrap();
    }

    async fn a_flood_from_one_source_leaves_the_database_alone(server: TestServer) {
        office(&server).await;
        for number in 0..20 {
            server.try_sign_in(&format!("name-{number}"), wrong()).await.unwrap_err();
            go_on(&server, &junk(), Given::Pin("123456".to_owned())).await.unwrap_err();
        }
        let (env, now) = (server.environment().await, server.clock.now());
        // Nobody else can write until it is dropped: what is refused now was refused without.
        let writer = env.store.begin().await.unwrap();
        for _ in 0..50 {
            server.clock.set(now);
            assert_eq!(refusal(server.try_sign_in("ana", PASSWORD).await), TOO_MANY);
            let refused = go_on(&server, &junk(), Given::Pin("123456".to_owned())).await.unwrap_err();
            let wait = Refusal::from(&refused).retry_after.expect("it says how long to wait");
            assert!(wait > Duration::ZERO && wait <= Duration::from_secs(1), "{wait:?}");
            assert_eq!(refusal::<()>(Err(refused)), TOO_MANY);
        }
        drop(writer);
        server.clock.advance(Duration::from_secs(1));
        server.sign_in_user("ana").await;
    }

    async fn no_tenant_speaks_for_addresses_without_end(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        let now = server.clock.now();
        let go_on_from = async |gateway: &Actor, number: u32, later: Duration| {
            server.clock.set(now.plus(later));
            let address = std::net::Ipv4Addr::from_bits(0x0a00_0000 + number).to_string();
            let client = Some(v1::SignInClient { address, user_agent: String::new() });
            let answer = Some(Given::Pin("123456".to_owned()));
            let request = v1::ContinueSignInRequest { challenge_token: "junk".to_owned(), answer, client };
            refusal(gateway.authentication().continue_sign_in(request).await)
        };
        for number in 0..500 {
            assert_eq!(go_on_from(&mine, number, Duration::ZERO).await, SIGN_IN_FAILED, "{number}");
        }
        assert_eq!(go_on_from(&mine, 500, Duration::ZERO).await, TOO_MANY);
        assert_eq!(go_on_from(&other, 500, Duration::ZERO).await, SIGN_IN_FAILED);
        let later = Duration::from_millis(30);
        assert_eq!(go_on_from(&mine, 500, later).await, SIGN_IN_FAILED);
        assert_eq!(go_on_from(&mine, 501, later).await, TOO_MANY);
        assert_eq!(refusal(server.try_sign_in("nobody", wrong()).await), SIGN_IN_FAILED, "whoever speaks for himself");
    }
}

/// A step that nobody was asked for.
fn junk() -> SignInStep {
    SignInStep { challenge_token: "junk".to_owned(), ..Default::default() }
}
