//! The keys behind the tokens: published, verified by somebody else's code, and following each other.

use std::time::Duration;

use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::Value;
use varco_application::keys::rotate_keys;
use varco_proto::v1::BackOfficeLevel;
use varco_testkit::databases::{Backend, Fixture};
use varco_testkit::{TestServer, on_every_database};

use super::forge::{Forge, decode};
use super::http::{get, key_set};
use super::{begin_session, probe, sign_in};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

fn key_of(token: &str) -> String {
    let header: Value = serde_json::from_slice(&decode(token.split('.').next().unwrap())).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

/// Whether a published key, read as RFC 8037 says, verifies a token.
fn verifies(key: &Value, token: &str) -> bool {
    let is_plain = key["kty"] == "OKP" && key["crv"] == "Ed25519" && key["alg"] == "EdDSA" && key["use"] == "sig";
    assert!(is_plain && key.as_object().unwrap().len() == 6, "{key}");
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let public = UnparsedPublicKey::new(&ED25519, decode(key["x"].as_str().unwrap()));
    public.verify(signed.as_bytes(), &decode(signature)).is_ok()
}

async fn published(server: &TestServer) -> Vec<String> {
    let keys = key_set(server.http_address().await).await;
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

on_every_database! {
    async fn whoever_reads_the_published_keys_can_verify_a_token(server: TestServer) {
        let mine = server.organization("mine").await;
        let anna = sign_in(&server, &mine, "anna", BackOfficeLevel::None).await;
        let forge = Forge::of(&server, &mine, &anna).await;
        let keys = key_set(server.http_address().await).await;
        let of = |token: &str| keys.iter().find(|key| key["kid"] == key_of(token)).unwrap();

        assert_eq!(keys.len(), 2);
        assert!(verifies(of(&anna.actor.token), &anna.actor.token));
        assert!(verifies(of(&forge.good()), &forge.good()));
        assert!(!verifies(of(&forge.good()), &anna.actor.token), "the control");
        let (head, body) = get(server.http_address().await, "/.well-known/jwks.json").await;
        assert!(head.contains("content-type: application/jwk-set+json"), "{head}");
        assert!(head.contains("cache-control: public, max-age=300"), "{head}");
        assert!(!body.contains("\"d\""), "a private key");
    }

    async fn keys_follow_each_other_with_an_overlap(server: TestServer) {
        let mine = server.organization("mine").await;
        let env = server.environment().await;
        let user = mine.create_user("anna").await;
        let first = published(&server).await;
        let token = async || begin_session(&server, &mine, &user).await.actor;
        assert_eq!(first, [key_of(&token().await.token)]);

        // Nothing happens for thirty days.
        server.clock.advance(DAY * 30 - MINUTE);
        rotate_keys(&env).await.unwrap();
        assert_eq!(published(&server).await, first);
        server.clock.advance(MINUTE);
        let events = env.feed.revision();
        rotate_keys(&env).await.unwrap();
        assert_eq!(env.feed.revision(), events.next());
        let both = published(&server).await;
        assert_eq!((both.len(), &both[..1]), (2, &first[..]));

        // For ten minutes the old one signs, so that everybody may read of the new one.
        server.clock.advance(MINUTE * 9);
        let last = token().await;
        assert_eq!(key_of(&last.token), both[0]);
        server.clock.advance(MINUTE);
        let next = token().await;
        assert_eq!(key_of(&next.token), both[1]);
        assert!(probe(&last).await.unwrap() && probe(&next).await.unwrap());

        // For an hour more the old one is published; then it is destroyed.
        server.clock.advance(MINUTE * 59);
        rotate_keys(&env).await.unwrap();
        assert_eq!(published(&server).await, both);
        server.clock.advance(MINUTE);
        assert_eq!(published(&server).await, both[1..], "by the clock, before anybody cleans up");
        rotate_keys(&env).await.unwrap();
        let stored = env.store.begin_read().await.unwrap().signing_keys().list().await.unwrap();
        assert_eq!(stored.len(), 1);
        assert!(probe(&token().await).await.unwrap());
    }

    async fn a_restart_keeps_the_keys(server: TestServer) {
        let mine = server.organization("mine").await;
        let anna = sign_in(&server, &mine, "anna", BackOfficeLevel::None).await;
        let before = published(&server).await;
        server.restart().await;

        assert_eq!(published(&server).await, before);
        assert!(probe(&anna.actor).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_agree_on_keys_even_if_both_make_one_at_once() {
    if !Backend::Postgres.is_wanted() {
        return;
    }
    let here = TestServer::on(Backend::Postgres).await;
    let there = here.replica().await;
    let mine = here.organization("mine").await;
    let user = mine.create_user("anna").await;
    assert_eq!(published(&here).await, published(&there).await);
    for round in 1..=5 {
        here.clock.advance(DAY * 30);
        let (one, other) = (here.environment().await, there.environment().await);
        let (one, other) = tokio::join!(rotate_keys(&one), rotate_keys(&other));
        one.unwrap();
        other.unwrap();
        assert_eq!(published(&here).await, published(&there).await, "round {round}");
        assert_eq!(published(&here).await.len(), 2, "round {round}");
    }
    // A key that the other replica has never heard of.
    here.clock.advance(DAY * 30);
    rotate_keys(here.environment().await.as_ref()).await.unwrap();
    here.clock.advance(MINUTE * 10);
    let anna = begin_session(&here, &mine, &user).await;
    assert!(!published(&there).await.contains(&key_of(&anna.actor.token)));
    assert!(probe(&mine.through(&there).with_token(&anna.actor.token)).await.unwrap());
}
