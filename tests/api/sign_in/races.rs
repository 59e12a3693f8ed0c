//! Calls at the same time.

use tokio::task::JoinSet;
use varco_proto::v1::continue_sign_in_request::Answer as Given;
use varco_testkit::{TestServer, on_every_database};

use super::*;
use crate::calls::{patiently, refusal};

on_every_database! {
    async fn of_a_hundred_refreshes_at_once_one_wins(server: TestServer) {
        office(&server).await;
        let ana = server.sign_in_user("ana").await;
        let mut refreshes = JoinSet::new();
        for _ in 0..100 {
            let (client, token) = (server.anonymous(), ana.tokens.refresh_token.clone());
            refreshes.spawn(async move {
                let request = v1::RefreshSessionRequest { refresh_token: token };
                patiently(async || client.clone().refresh_session(request.clone()).await).await
            });
        }
        let (won, lost): (Vec<_>, Vec<_>) = refreshes.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        for refused in lost {
            assert_eq!(refusal(refused), REFRESH_TOKEN_INVALID);
        }
        assert!(!works(&ana).await, "ninety-nine of them were thieves, for all the server knows");
    }

    async fn one_temporary_password_is_changed_once(server: TestServer) {
        let (actor, user) = office(&server).await;
        reset_password(&actor, &user).await;
        let temporary = server.last_mail("ana@example.com").await.value("password").to_owned();
        let mut begun = Vec::new();
        for number in 0..5 {
            let address = format!("198.51.100.{number}");
            match server.try_sign_in_from(&actor, &address, "ana", &temporary).await.unwrap() {
                v1::sign_in_response::Result::NextStep(step) => begun.push(step),
                v1::sign_in_response::Result::Session(_) => panic!("a temporary password lets nobody in"),
            }
        }
        let mut changes = JoinSet::new();
        for number in 0..100 {
            let (gateway, step) = (actor.clone(), begun[number % begun.len()].clone());
            // One source may not try so often.
            let address = format!("203.0.113.{}", number / 10);
            changes.spawn(async move {
                let request = v1::ContinueSignInRequest {
                    challenge_token: step.challenge_token,
                    answer: Some(Given::NewPassword(format!("{ANOTHER} number {number}"))),
                    client: Some(v1::SignInClient { address, user_agent: String::new() }),
                };
                patiently(async || gateway.authentication().continue_sign_in(request.clone()).await).await
            });
        }
        let (won, lost): (Vec<_>, Vec<_>) = changes.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        for refused in lost {
            assert_eq!(refusal(refused), SIGN_IN_FAILED);
        }
    }

    async fn no_session_survives_a_suspension_that_comes_with_its_sign_in(server: TestServer) {
        let (actor, user) = office(&server).await;
        for round in 0..5 {
            let address = format!("198.51.100.{round}");
            let (signed_in, ()) = tokio::join!(
                patiently(async || server.try_sign_in_from(&actor, &address, "ana", PASSWORD).await),
                suspend(&actor, &user),
            );
            if let Ok(v1::sign_in_response::Result::Session(tokens)) = signed_in {
                assert!(!works(&UserActor::new(&server, tokens)).await);
            }
            let request = v1::ReactivateUserRequest {
                organization_id: actor.organization.clone(),
                user_id: user.clone(),
                ..Default::default()
            };
            ask!(actor.users().reactivate_user(request)).unwrap();
        }
    }
}
