//! Programs that speak for many addresses: not for any number of them, and what strangers use up there
//! is not what users have.

use std::net::Ipv4Addr;
use std::time::Duration;

use varco_application::Clock;
use varco_proto::v1::continue_sign_in_request::Answer as Given;
use varco_testkit::{Actor, TestServer, on_every_database};

use super::*;
use crate::calls::refusal;

const HOME: &str = "192.0.2.1";

fn client(address: &str) -> Option<v1::SignInClient> {
    Some(v1::SignInClient { address: address.to_owned(), user_agent: String::new() })
}

fn address(number: u32) -> String {
    Ipv4Addr::from_bits(0x0a00_0000 + number).to_string()
}

/// Answers a step that nobody was asked for: as much as a guess to whoever counts, and quicker.
async fn guess(gateway: &Actor, address: &str) -> String {
    let answer = Some(Given::Pin("123456".to_owned()));
    let request = v1::ContinueSignInRequest { challenge_token: "junk".to_owned(), answer, client: client(address) };
    refusal(gateway.authentication().continue_sign_in(request).await)
}

/// Lets strangers use up whatever they share.
async fn flood(server: &TestServer, gateway: &Actor) {
    // Whoever came before is forgotten.
    server.clock.advance(Duration::from_mins(1));
    let now = server.clock.now();
    for number in 0..500 {
        server.clock.set(now);
        assert_eq!(guess(gateway, &address(number)).await, SIGN_IN_FAILED, "{number}");
    }
    server.clock.set(now);
    assert_eq!(guess(gateway, &address(500)).await, TOO_MANY);
}

on_every_database! {
    async fn strangers_behind_the_same_gateway_keep_no_user_out(server: TestServer) {
        let (actor, _) = office(&server).await;
        demand_pin(&actor).await;
        let step = |answer| match answer {
            v1::sign_in_response::Result::NextStep(step) => step,
            v1::sign_in_response::Result::Session(_) => panic!("the PIN is asked for"),
        };
        let give_pin = async |asked: v1::SignInStep| {
            let answer = Some(Given::Pin(mailed_pin(&server, "ana").await));
            let challenge_token = asked.challenge_token;
            let request = v1::ContinueSignInRequest { challenge_token, answer, client: client(HOME) };
            ask!(actor.authentication().continue_sign_in(request))
        };
        let asked = step(server.try_sign_in_from(&actor, HOME, "ana", PASSWORD).await.unwrap());
        give_pin(asked).await.unwrap();
        for _ in 0..3 {
            flood(&server, &actor).await;
            let away = server.try_sign_in_from(&actor, "192.0.2.2", "ana", PASSWORD).await;
            assert_eq!(refusal(away), TOO_MANY, "from where nobody signed in");
            let asked = step(server.try_sign_in_from(&actor, HOME, "ana", PASSWORD).await.unwrap());
            give_pin(asked).await.unwrap();
        }
    }

    async fn strangers_behind_the_same_gateway_keep_no_user_from_a_new_password(server: TestServer) {
        let (actor, _) = office(&server).await;
        server.try_sign_in_from(&actor, HOME, "ana", PASSWORD).await.unwrap();
        flood(&server, &actor).await;
        let username_or_email = "ana".to_owned();
        let request = v1::RequestPasswordResetRequest { username_or_email, client: client(HOME) };
        ask!(actor.authentication().request_password_reset(request)).unwrap();
        // A drain waits for what goes on behind the answer.
        server.restart().await;
        assert_eq!(server.last_mail("ana@example.com").await.kind.as_str(), "password_reset");
    }
}
