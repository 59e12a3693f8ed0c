//! Refreshes against whatever ends sessions, at the same time.

use tokio::task::JoinSet;
use varco_application::retention::forget_old;
use varco_domain::Session;
use varco_proto::v1::BackOfficeLevel;
use varco_testkit::on_every_database;

use super::*;

const SESSION_NOT_FOUND: &str = "NOT_FOUND SESSION_NOT_FOUND";

/// Few enough that every call has a connection to the database.
const SESSIONS: usize = 4;

async fn suspend(actor: Actor, organization_id: String, user_id: String) -> Result<Option<v1::SessionTokens>, Status> {
    let request = v1::SuspendUserRequest { organization_id, user_id, validate_only: false };
    ask!(actor.users().suspend_user(request)).map(|_| None)
}

async fn reactivate(actor: &Actor, organization: &str, user: &str) {
    let (organization_id, user_id) = (organization.to_owned(), user.to_owned());
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
        let office = server.organization("mine").await;
        let user = office.create_person(&server, "ana", BackOfficeLevel::None).await;
        let env = server.environment().await;
        for round in 0..6 {
            // Time passes, for this token as well.
            let mine = server.actor(&office.credential).await;
            for place in 0..SESSIONS {
                sign_in_from(&server, &mine, 2 * round * SESSIONS + place, "ana").await;
            }
            // These have ended, and wait to be deleted.
            server.clock.advance(Session::MAX_IDLE);
            let mine = server.actor(&office.credential).await;
            let mut begun = Vec::new();
            for place in SESSIONS..2 * SESSIONS {
                begun.push(sign_in_from(&server, &mine, 2 * round * SESSIONS + place, "ana").await.tokens);
            }
            let mut calls = JoinSet::new();
            let own = env.clone();
            calls.spawn(async move {
                forget_old(&own).await.unwrap();
                Ok(None)
            });
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
                calls.spawn(suspend(mine.clone(), office.organization.clone(), user.clone()));
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
                reactivate(&mine, &office.organization, &user).await;
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
