//! Refresh tokens.

use std::time::Duration;

use varco_testkit::{TestServer, on_every_database};

use super::*;
use crate::calls::refusal;

on_every_database! {
    async fn a_refresh_token_gives_the_next_one(server: TestServer) {
        office(&server).await;
        let ana = server.sign_in_user("ana").await;
        server.clock.advance(Duration::from_mins(30));
        assert!(!works(&ana).await, "access tokens are short");

        let next = refresh(&server, &ana.tokens.refresh_token).await.unwrap();
        assert_ne!(next.refresh_token, ana.tokens.refresh_token);
        assert_eq!(next.session.as_ref().unwrap().session_id, ana.session().session_id);
        let ana = UserActor::new(&server, next);
        assert!(works(&ana).await);
    }

    async fn a_used_refresh_token_ends_the_session(server: TestServer) {
        let (actor, _) = office(&server).await;
        let ana = server.sign_in_user("ana").await;
        let next = UserActor::new(&server, refresh(&server, &ana.tokens.refresh_token).await.unwrap());

        assert_eq!(refusal(refresh(&server, &ana.tokens.refresh_token).await), REFRESH_TOKEN_INVALID);
        assert!(!works(&next).await, "whoever has the later one is out too");
        assert_eq!(refusal(refresh(&server, &next.tokens.refresh_token).await), REFRESH_TOKEN_INVALID);
        let event = &actor.events_so_far().await[0];
        assert_eq!(event.r#type, "session.ended");
        assert!(format!("{event:?}").contains("refresh_token_reused"));
    }

    async fn a_session_ends_when_it_is_idle(server: TestServer) {
        office(&server).await;
        let ana = server.sign_in_user("ana").await;
        let mut token = ana.tokens.refresh_token.clone();
        for _ in 0..3 {
            server.clock.advance(Duration::from_mins(59));
            token = refresh(&server, &token).await.unwrap().refresh_token;
        }
        server.clock.advance(Duration::from_hours(1));
        assert_eq!(refusal(refresh(&server, &token).await), REFRESH_TOKEN_INVALID);
    }

    async fn a_session_ends_when_it_is_old(server: TestServer) {
        let (actor, _) = office(&server).await;
        let age = prost_types::Duration { seconds: 7200, nanos: 0 };
        set_policies(&actor, "policies.max_session_age", |policies| policies.max_session_age = Some(age)).await;
        let ana = server.sign_in_user("ana").await;
        let mut token = ana.tokens.refresh_token.clone();
        for _ in 0..2 {
            server.clock.advance(Duration::from_mins(50));
            token = refresh(&server, &token).await.unwrap().refresh_token;
        }
        server.clock.advance(Duration::from_mins(20));
        assert_eq!(refusal(refresh(&server, &token).await), REFRESH_TOKEN_INVALID);
    }

    async fn whoever_makes_tokens_up_does_not_wait_for_the_writers(server: TestServer) {
        let (env, made_up) = (server.environment().await, "varco_refresh_".to_owned() + &"A".repeat(43));
        // Of SQLite there is one; whoever asked for it now would be refused in the end.
        let writer = env.store.begin().await.unwrap();
        for token in ["", "varco_refresh_nobody", &made_up] {
            assert_eq!(refusal(refresh(&server, token).await), REFRESH_TOKEN_INVALID);
        }
        drop(writer);
    }

    async fn nothing_but_the_whole_token_is_taken(server: TestServer) {
        office(&server).await;
        let ana = server.sign_in_user("ana").await;
        let token = &ana.tokens.refresh_token;
        let variants = [
            String::new(),
            token[..token.len() - 1].to_owned(),
            format!("{token} "),
            format!("{token}="),
            token.to_uppercase(),
            token.replacen("varco_refresh_", "varco_token_", 1),
        ];
        for variant in variants {
            assert_eq!(refusal(refresh(&server, &variant).await), REFRESH_TOKEN_INVALID, "{variant}");
        }
        refresh(&server, token).await.unwrap();
    }
}
