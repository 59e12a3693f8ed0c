//! Refreshes against whatever ends sessions, at the same time.

use tokio::task::JoinSet;
use varco_proto::v1::BackOfficeLevel;
use varco_testkit::{OrganizationActor, on_every_database};

use super::*;

const SESSION_NOT_FOUND: &str = "NOT_FOUND SESSION_NOT_FOUND";

/// Few enough that every call has a connection to the database.
const SESSIONS: usize = 4;

async fn suspend(actor: OrganizationActor, user: String) -> Result<Option<v1::SessionTokens>, Status> {
    let organization_id = actor.organization.clone();
    let request = v1::SuspendUserRequest { organization_id, user_id: user, validate_only: false };
    ask!(actor.users().suspend_user(request)).map(|_| None)
}

async fn reactivate(actor: &OrganizationActor, user: &str) {
    let (organization_id, user_id) = (actor.organization.clone(), user.to_owned());
    let request = v1::ReactivateUserRequest { organization_id, user_id, validate_only: false };
    ask!(actor.users().reactivate_user(request)).unwrap();
}

/// Fails if the database had to free calls that waited for each other.
fn assert_no_deadlock(server: &TestServer) {
    if server.database.url().is_some() {
        server.database.tamper(
            "DO $$ BEGIN IF (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()) > 0 \
             THEN RAISE EXCEPTION 'calls waited for each other'; END IF; END $$",
        );
    }
}

on_every_database! {
    async fn refreshes_and_ends_neither_wait_for_each_other_nor_leave_a_token(server: TestServer) {
        let mine = server.organization("mine").await;
        let user = mine.create_person(&server, "ana", BackOfficeLevel::None).await;
        for round in 0..6 {
            let mut begun = Vec::new();
            for place in 0..SESSIONS {
                begun.push(sign_in_from(&server, &mine, round * SESSIONS + place, "ana").await.tokens);
            }
            let mut calls = JoinSet::new();
            for tokens in &begun {
                for _ in 0..3 {
                    let (mut client, refresh_token) = (server.anonymous(), tokens.refresh_token.clone());
                    let request = v1::RefreshSessionRequest { refresh_token };
                    calls.spawn(async move { ask!(client.refresh_session(request)).map(|answer| answer.session) });
                }
                let (actor, session) = (mine.clone(), tokens.session.as_ref().unwrap().session_id.clone());
                calls.spawn(async move { revoke(&actor, &session).await.map(|_| None) });
            }
            if round % 2 == 0 {
                calls.spawn(suspend(mine.clone(), user.clone()));
            }
            for outcome in calls.join_all().await {
                match outcome {
                    Ok(tokens) => begun.extend(tokens),
                    Err(status) => {
                        let refused = status_text(&status);
                        assert!([REFRESH_TOKEN_INVALID, SESSION_NOT_FOUND].contains(&refused.as_str()), "{refused}");
                    }
                }
            }
            if round % 2 == 0 {
                reactivate(&mine, &user).await;
            }
            for tokens in &begun {
                let refused = refresh(&server, &tokens.refresh_token).await.unwrap_err();
                assert_eq!(status_text(&refused), REFRESH_TOKEN_INVALID);
                assert!(!works(&server, tokens).await);
            }
        }
        // A connection that closes says what it had counted.
        server.stop().await;
        assert_no_deadlock(&server);
    }
}
