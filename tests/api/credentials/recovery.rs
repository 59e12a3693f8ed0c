use std::time::Duration;

use varco_proto::v1::{GetProfileRequest, RequestPasswordResetRequest, RequestPasswordResetResponse, SignInClient};
use varco_testkit::{PASSWORD, TestServer, on_every_database};

use super::{
    ANOTHER, complete, events_about, forget, invited, link_of, mails_to, person, reset_password, sign_in, suspend,
};
use crate::calls::{ask, bad_fields, refusal};

fn request(name: &str) -> RequestPasswordResetRequest {
    RequestPasswordResetRequest { username_or_email: name.to_owned(), client: None }
}

/// All that a client gets, with every header and trailer; those that differ from call to call without
/// their values.
async fn whole_answer(
    server: &TestServer,
    name: &str,
) -> (RequestPasswordResetResponse, Vec<(String, Option<String>)>) {
    let answer = server.anonymous().request_password_reset(request(name)).await.unwrap();
    let headers = answer.metadata().clone().into_headers();
    let mut headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| {
            let differs = ["date", "x-request-id"].contains(&name.as_str());
            (name.to_string(), (!differs).then(|| format!("{value:?}")))
        })
        .collect();
    headers.sort_unstable();
    (answer.into_inner(), headers)
}

on_every_database! {
    async fn whoever_forgot_the_password_chooses_another_by_the_mailed_link(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = person(&server, &mine, "ana").await;
        let session = server.sign_in_user("ana").await;
        forget(&server, "ANA@Example.com").await;
        assert_eq!(sign_in(&server, "ana", PASSWORD).await, "session", "asking changes nothing");

        let token = link_of(&server, "ana").await;
        assert_eq!(bad_fields(complete(&server, &token, "too short").await), ["password"]);
        assert_eq!(complete(&server, &token, ANOTHER).await.unwrap().username, "ana");
        let call = ask!(session.authentication().get_profile(GetProfileRequest {}));
        assert_eq!(refusal(call), "UNAUTHENTICATED TOKEN_INVALID", "every session has ended");
        server.clock.advance(Duration::from_mins(1));
        assert_eq!(sign_in(&server, "ana", ANOTHER).await, "session");
        server.clock.advance(Duration::from_mins(1));
        assert_eq!(sign_in(&server, "ana", PASSWORD).await, "UNAUTHENTICATED SIGN_IN_FAILED");
        let mails = mails_to(&server, "ana").await;
        assert_eq!(mails, ["invitation", "activated", "password_reset", "password_changed"]);
        let events = events_about(&mine, &ana).await;
        for kind in ["user.password_reset_requested", "user.password_changed", "session.ended"] {
            assert!(events.iter().any(|event| event == kind), "{kind} is not among {events:?}");
        }
    }

    async fn nobody_learns_for_whom_there_is_a_link(server: TestServer) {
        let mine = server.organization("mine").await;
        invited(&mine, "invited").await;
        let suspended = person(&server, &mine, "suspended").await;
        suspend(&mine, &suspended).await;
        person(&server, &mine, "ana").await;
        let before = server.mails().await.len();
        server.clock.advance(Duration::from_hours(1));
        let expected = whole_answer(&server, "ana").await;
        let nobody = ["nobody", "nobody@example.com", "invited", "suspended", "suspended@example.com", "", "@", "a\0b"];
        for name in nobody {
            server.clock.advance(Duration::from_hours(1));
            assert_eq!(whole_answer(&server, name).await, expected, "{name}");
        }
        server.restart().await;

        assert_eq!(server.mails().await.len(), before + 1, "to her who has a password");
    }

    async fn one_account_gets_three_mails_and_then_one_an_hour(server: TestServer) {
        let mine = server.organization("mine").await;
        person(&server, &mine, "ana").await;
        for name in ["ana", "ana@example.com", "ANA", "ana"] {
            forget(&server, name).await;
        }
        let count = |mails: Vec<&str>| mails.into_iter().filter(|kind| *kind == "password_reset").count();
        assert_eq!(count(mails_to(&server, "ana").await), 3);

        server.clock.advance(Duration::from_hours(1));
        for _ in 0..2 {
            forget(&server, "ana").await;
        }
        assert_eq!(count(mails_to(&server, "ana").await), 4);
    }

    async fn one_source_may_ask_five_times_and_then_three_times_an_hour(server: TestServer) {
        let mine = server.organization("mine").await;
        let ask_from = async |name: &str, address: &str| {
            let client = SignInClient { address: address.to_owned(), user_agent: String::new() };
            let request = RequestPasswordResetRequest { client: Some(client), ..request(name) };
            ask!(mine.authentication().request_password_reset(request)).unwrap();
        };
        for number in 0..8 {
            person(&server, &mine, &format!("user-{number}")).await;
        }
        for number in 0..6 {
            ask_from(&format!("user-{number}"), "192.0.2.1").await;
        }
        ask_from("user-6", "192.0.2.2").await;
        server.restart().await;
        let asked = async |number: usize| mails_to(&server, &format!("user-{number}")).await.contains(&"password_reset");
        let mut mailed = Vec::new();
        for number in 0..8 {
            mailed.push(asked(number).await);
        }
        assert_eq!(mailed, [true, true, true, true, true, false, true, false]);

        server.clock.advance(Duration::from_mins(20));
        ask_from("user-7", "192.0.2.1").await;
        server.restart().await;
        assert!(asked(7).await);
    }

    async fn a_reset_by_an_administrator_makes_the_mailed_link_useless(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = person(&server, &mine, "ana").await;
        forget(&server, "ana").await;
        let token = link_of(&server, "ana").await;
        ask!(mine.users().reset_password(reset_password(&mine, &ana))).unwrap();

        assert_eq!(refusal(complete(&server, &token, ANOTHER).await), "FAILED_PRECONDITION LINK_INVALID");
    }

    async fn a_suspended_user_recovers_nothing(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = person(&server, &mine, "ana").await;
        forget(&server, "ana").await;
        let token = link_of(&server, "ana").await;
        suspend(&mine, &ana).await;

        assert_eq!(refusal(complete(&server, &token, ANOTHER).await), "FAILED_PRECONDITION LINK_INVALID");
    }
}
