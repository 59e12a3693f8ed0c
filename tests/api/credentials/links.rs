//! What is no link, or no longer one, answers alike and changes nothing.

use std::time::Duration;

use tonic::Status;
use tonic_types::StatusExt;
use varco_proto::v1::{RemoveUserRequest, UserStatus};
use varco_testkit::{PASSWORD, TestServer, on_every_database};

use super::{ANOTHER, activate, complete, forget, get_user, invited, link_of, person, sign_in, suspend};
use crate::calls::ask;

/// All that a client can see of a refusal.
fn seen(status: &Status) -> String {
    let mut metadata = status.metadata().clone();
    metadata.remove("date");
    format!("{:?} {} {:?} {metadata:?}", status.code(), status.message(), status.get_error_details())
}

on_every_database! {
    async fn whatever_is_wrong_with_a_link_the_answer_is_the_same(server: TestServer) {
        let mine = server.organization("mine").await;
        let absent = seen(&activate(&server, "varco_link_nobody", PASSWORD).await.unwrap_err());
        person(&server, &mine, "used").await;
        let used = server.mails().await.into_iter().find(|mail| mail.recipient == "used@example.com").unwrap();
        let suspended = invited(&mine, "suspended").await;
        suspend(&mine, &suspended).await;
        let removed = invited(&mine, "removed").await;
        let of_removed = link_of(&server, "removed").await;
        let (organization_id, user_id) = (mine.organization.clone(), removed);
        let request = RemoveUserRequest { organization_id, user_id, validate_only: false };
        ask!(mine.users().remove_user(request)).unwrap();
        person(&server, &mine, "forgetful").await;
        forget(&server, "forgetful").await;
        let of_another_purpose = link_of(&server, "forgetful").await;
        let tokens = [
            "",
            "\u{1f517}",
            used.value("token"),
            &link_of(&server, "suspended").await,
            &of_removed,
            &of_another_purpose,
            &mine.token,
        ];
        for token in tokens {
            assert_eq!(seen(&activate(&server, token, PASSWORD).await.unwrap_err()), absent, "{token}");
        }

        let absent = seen(&complete(&server, "varco_link_nobody", PASSWORD).await.unwrap_err());
        invited(&mine, "invited").await;
        let of_another_purpose = link_of(&server, "invited").await;
        for token in ["", used.value("token"), &of_another_purpose, &mine.token] {
            assert_eq!(seen(&complete(&server, token, PASSWORD).await.unwrap_err()), absent, "{token}");
        }
    }

    async fn nothing_that_resembles_a_link_is_one(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = invited(&mine, "ana").await;
        let token = link_of(&server, "ana").await;
        let mut variants: Vec<String> = (0..token.len()).map(|length| token[..length].to_owned()).collect();
        for place in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[place] ^= 1;
            variants.push(String::from_utf8(bytes).unwrap());
        }
        variants.extend([format!("{token}="), format!(" {token}"), token.to_uppercase(), token[11..].to_owned()]);
        for variant in variants {
            assert!(activate(&server, &variant, PASSWORD).await.is_err(), "{variant}");
        }

        assert_eq!(get_user(&mine, &ana).await.status(), UserStatus::Invited);
        activate(&server, &token, PASSWORD).await.unwrap();
    }

    async fn a_link_to_choose_a_password_works_for_ten_minutes_and_once(server: TestServer) {
        let mine = server.organization("mine").await;
        person(&server, &mine, "ana").await;
        forget(&server, "ana").await;
        let late = link_of(&server, "ana").await;
        server.clock.advance(Duration::from_mins(10));
        assert!(complete(&server, &late, ANOTHER).await.is_err());

        forget(&server, "ana").await;
        let token = link_of(&server, "ana").await;
        server.clock.advance(Duration::from_secs(590));
        complete(&server, &token, ANOTHER).await.unwrap();
        assert!(complete(&server, &token, PASSWORD).await.is_err());
        assert_eq!(sign_in(&server, "ana", ANOTHER).await, "session");
    }
}
