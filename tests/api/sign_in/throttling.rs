//! Who guesses is slowed down; who owns the account is not.

use std::time::Duration;

use tokio::task::JoinSet;
use varco_client::Refusal;
use varco_testkit::{TestServer, on_every_database};

use super::*;
use crate::calls::refusal;

on_every_database! {
    async fn of_a_hundred_guesses_at_once_five_are_verified(server: TestServer) {
        let (actor, _) = office(&server).await;
        let mut guesses = JoinSet::new();
        for number in 0..100 {
            let gateway = actor.clone();
            let name = ["ana", "ANA", " ana", "ana@example.com"][number % 4];
            guesses.spawn(async move {
                let address = format!("198.51.100.{number}");
                let client = v1::SignInClient { address, user_agent: String::new() };
                let request = v1::SignInRequest {
                    username: name.to_owned(),
                    password: wrong().to_owned(),
                    client: Some(client),
                    ..Default::default()
                };
                loop {
                    let answer = refusal(gateway.authentication().sign_in(request.clone()).await);
                    // Refused before it was counted; or others were in the way.
                    let passing =
                        ["RESOURCE_EXHAUSTED OVERLOADED", "ABORTED CONTENTION", "UNAVAILABLE STORAGE_UNAVAILABLE"];
                    if !passing.contains(&answer.as_str()) {
                        return answer;
                    }
                }
            });
        }
        let answers = guesses.join_all().await;
        let verified = answers.iter().filter(|answer| *answer == SIGN_IN_FAILED).count();
        let refused = answers.iter().filter(|answer| *answer == TOO_MANY).count();
        assert_eq!((verified, refused), (5, 95), "{answers:?}");
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
        assert_eq!(refusal::<()>(Err(refused)), TOO_MANY, "from a source that is not known");
        server.try_sign_in_from(&actor, "192.0.2.1", "ana", PASSWORD).await.unwrap();
    }

    async fn who_waits_as_told_is_let_in(server: TestServer) {
        office(&server).await;
        for _ in 0..5 {
            assert_eq!(refusal(server.try_sign_in("ana", wrong()).await), SIGN_IN_FAILED);
        }
        let refused = server.try_sign_in("ana", PASSWORD).await.unwrap_err();
        let wait = Refusal::from(&refused).retry_after.expect("it says how long to wait");
        assert!(wait > Duration::from_secs(29) && wait <= Duration::from_secs(30), "{wait:?}");
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
}
