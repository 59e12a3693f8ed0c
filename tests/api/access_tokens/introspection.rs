use varco_proto::v1;
use varco_proto::v1::BackOfficeLevel;
use varco_testkit::{Actor, TestServer, on_every_database};

use super::sign_in;
use crate::calls::ask;

async fn look_into(caller: &Actor, token: &str) -> v1::IntrospectTokenResponse {
    ask!(caller.authentication().introspect_token(v1::IntrospectTokenRequest { token: token.to_owned() })).unwrap()
}

on_every_database! {
    async fn a_token_is_explained_to_whom_it_concerns(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        let operator = server.operator().await;
        let admin = sign_in(&server, &mine, "anna", BackOfficeLevel::Admin).await;
        let member = sign_in(&server, &mine, "bert", BackOfficeLevel::Standard).await;
        let expected = v1::IntrospectTokenResponse {
            active: true,
            subject_id: member.user.clone(),
            organization_id: mine.organization.clone(),
            session_id: member.session.to_string(),
            expires_at: look_into(&operator, &member.actor.token).await.expires_at,
        };
        for caller in [&*mine, &operator, &admin.actor, &member.actor] {
            assert_eq!(look_into(caller, &member.actor.token).await, expected);
        }
        assert_eq!(look_into(&other, &member.actor.token).await, v1::IntrospectTokenResponse::default());

        for (caller, token, is_told) in [
            (&*mine, &admin.actor.token, true),
            (&admin.actor, &mine.token, true),
            (&member.actor, &admin.actor.token, false),
            (&member.actor, &mine.token, false),
            (&mine, &operator.token, false),
            (&mine, &other.token, false),
            (&operator, &other.token, true),
            (&operator, &operator.token, true),
        ] {
            assert_eq!(look_into(caller, token).await.active, is_told);
        }
    }

    async fn of_a_token_that_does_not_work_nothing_is_told(server: TestServer) {
        let mine = server.organization("mine").await;
        let operator = server.operator().await;
        let token = sign_in(&server, &mine, "anna", BackOfficeLevel::None).await.actor.token;
        let long = format!("{token}{}", "a".repeat(1_000_000));
        let (dots, truncated) = (".".repeat(10_000), &token[..token.len() - 1]);
        for token in ["", "varco_token_", truncated, &long, &dots] {
            assert_eq!(look_into(&operator, token).await, v1::IntrospectTokenResponse::default());
        }
        assert!(look_into(&operator, &token).await.active, "the control");
        server.clock.advance(std::time::Duration::from_secs(306));

        assert_eq!(look_into(&operator, &token).await, v1::IntrospectTokenResponse::default());
    }
}
