use std::time::Duration;

use tokio::task::JoinSet;
use varco_proto::v1::{ChangePasswordRequest, GetProfileRequest};
use varco_testkit::{PASSWORD, TestServer, UserActor, on_every_database};

use super::{ANOTHER, complete, forget, link_of, mails_to, person, sign_in};
use crate::calls::{ask, bad_fields, refusal};

fn change(current: &str, password: &str) -> ChangePasswordRequest {
    ChangePasswordRequest { current_password: current.to_owned(), password: password.to_owned() }
}

async fn works(session: &UserActor) -> bool {
    session.authentication().get_profile(GetProfileRequest {}).await.is_ok()
}

on_every_database! {
    async fn a_user_changes_the_password_and_every_other_session_ends(server: TestServer) {
        let mine = server.organization("mine").await;
        person(&server, &mine, "ana").await;
        let (here, elsewhere) = (server.sign_in_user("ana").await, server.sign_in_user("ana").await);
        ask!(here.authentication().change_password(change(PASSWORD, ANOTHER))).unwrap();

        assert!(works(&here).await);
        assert!(!works(&elsewhere).await);
        assert_eq!(mails_to(&server, "ana").await.last(), Some(&"password_changed"));
        assert_eq!(sign_in(&server, "ana", ANOTHER).await, "session");
        server.clock.advance(Duration::from_mins(1));
        assert_eq!(sign_in(&server, "ana", PASSWORD).await, "UNAUTHENTICATED SIGN_IN_FAILED");
    }

    async fn a_session_left_open_is_not_enough_and_cannot_guess(server: TestServer) {
        let mine = server.organization("mine").await;
        person(&server, &mine, "ana").await;
        let session = server.sign_in_user("ana").await;
        let wrong = ask!(session.authentication().change_password(change(ANOTHER, "three blue umbrellas")));
        assert_eq!(refusal(wrong), "FAILED_PRECONDITION PASSWORD_WRONG");
        let early = ask!(session.authentication().change_password(change(PASSWORD, ANOTHER)));
        assert_eq!(refusal(early), "RESOURCE_EXHAUSTED TOO_MANY_ATTEMPTS");

        assert_eq!(sign_in(&server, "ana", PASSWORD).await, "session", "the sign-in is not slowed down");
        server.clock.advance(Duration::from_secs(1));
        ask!(session.authentication().change_password(change(PASSWORD, ANOTHER))).unwrap();
    }

    async fn of_many_guesses_at_once_one_reaches_the_password(server: TestServer) {
        let mine = server.organization("mine").await;
        person(&server, &mine, "ana").await;
        let session = server.sign_in_user("ana").await;
        let mut guesses = JoinSet::new();
        for number in 0..30 {
            let session = session.clone();
            let request = change(&format!("{ANOTHER} {number}"), "three blue umbrellas");
            guesses.spawn(async move { refusal(session.authentication().change_password(request).await) });
        }
        let mut verified = 0;
        for answer in guesses.join_all().await {
            match answer.as_str() {
                "FAILED_PRECONDITION PASSWORD_WRONG" => verified += 1,
                "RESOURCE_EXHAUSTED TOO_MANY_ATTEMPTS" | "ABORTED CONTENTION" => (),
                other => panic!("{other}"),
            }
        }
        assert_eq!(verified, 1);
    }

    async fn the_new_password_is_a_good_one_and_another_one(server: TestServer) {
        let mine = server.organization("mine").await;
        person(&server, &mine, "ana").await;
        let session = server.sign_in_user("ana").await;
        for bad in ["", "too short", "passwordpassword", PASSWORD] {
            let refused = ask!(session.authentication().change_password(change(PASSWORD, bad)));
            assert_eq!(bad_fields(refused), ["password"], "{bad}");
        }
        assert!(works(&session).await);
        ask!(session.authentication().change_password(change(PASSWORD, ANOTHER))).expect("none of those was a try");
    }

    async fn a_bad_new_password_tells_nothing_of_the_current_one(server: TestServer) {
        let mine = server.organization("mine").await;
        person(&server, &mine, "ana").await;
        let session = server.sign_in_user("ana").await;
        for (current, bad) in [(PASSWORD, "too short"), (ANOTHER, "too short"), (ANOTHER, ANOTHER)] {
            let refused = ask!(session.authentication().change_password(change(current, bad)));
            assert_eq!(bad_fields(refused), ["password"], "{current}");
        }
    }

    async fn a_changed_password_makes_the_mailed_link_useless(server: TestServer) {
        let mine = server.organization("mine").await;
        person(&server, &mine, "ana").await;
        forget(&server, "ana").await;
        let token = link_of(&server, "ana").await;
        let session = server.sign_in_user("ana").await;
        ask!(session.authentication().change_password(change(PASSWORD, ANOTHER))).unwrap();

        let refused = complete(&server, &token, "three blue umbrellas").await;
        assert_eq!(refusal(refused), "FAILED_PRECONDITION LINK_INVALID");
    }

    async fn a_program_has_no_password_to_change(server: TestServer) {
        let mine = server.organization("mine").await;
        let refused = ask!(mine.authentication().change_password(change(PASSWORD, ANOTHER)));

        assert_eq!(refusal(refused), "PERMISSION_DENIED CALLER_NOT_PERMITTED");
    }
}
