use varco_proto::v1::{BackOfficeLevel, CreateUserRequest, MembershipKind, SeatPool, UserStatus};
use varco_testkit::{TestServer, on_every_database};

use super::{count, created, events_about, found, membership, new_user, profile, used_seats};
use crate::calls::{ask, bad_fields, refusal};

const REQUEST_ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

on_every_database! {
    async fn a_created_user_is_internal_and_invited(server: TestServer) {
        let mine = server.organization("mine").await;
        let request = CreateUserRequest { app_access: true, ..new_user(&mine, "Ana.Rossi") };
        let response = ask!(mine.users().create_user(request)).unwrap();
        let user = response.user.unwrap();

        assert!(response.revision > 0);
        assert_eq!((user.username.as_str(), user.email.as_str()), ("ana.rossi", "Ana.Rossi@example.com"));
        assert_eq!(user.profile, Some(profile("Ana", "Rossi", "it")));
        assert_eq!(user.status(), UserStatus::Invited);
        assert_eq!(user.activate_time, None);
        assert_eq!(membership(&user).kind(), MembershipKind::Internal);
        assert_eq!(membership(&user).organization_id, mine.organization);
        assert!(membership(&user).app_access);
        assert_eq!(found(&mine, &user.user_id).await.unwrap(), user);
        assert_eq!(events_about(&mine, &user.user_id).await, ["mail.queued", "user.invited", "membership.added", "user.created"]);
    }

    async fn every_bad_field_is_named(server: TestServer) {
        let mine = server.organization("mine").await;
        let request = CreateUserRequest {
            username: "-".to_owned(),
            email: "nobody".to_owned(),
            profile: Some(profile("", "Ros\u{202e}si", "!")),
            back_office_level: BackOfficeLevel::Unspecified.into(),
            request_id: "1".to_owned(),
            ..new_user(&mine, "ana")
        };
        let outcome = ask!(mine.users().create_user(request));

        let expected = [
            "username",
            "email",
            "profile.first_name",
            "profile.last_name",
            "profile.language",
            "back_office_level",
            "request_id",
        ];
        assert_eq!(bad_fields(outcome), expected);
    }

    async fn a_taken_username_is_refused_in_every_spelling_and_organization(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        created(&mine, new_user(&mine, "ana")).await;

        for (actor, username) in [(&mine, "ana"), (&mine, "ANA"), (&other, "ａｎａ")] {
            let request = CreateUserRequest { email: "b@example.com".to_owned(), ..new_user(actor, username) };
            let outcome = ask!(actor.users().create_user(request));
            assert_eq!(refusal(outcome), "ALREADY_EXISTS USERNAME_TAKEN", "{username}");
        }
        assert_eq!((count(&mine).await, count(&other).await), (1, 0));
    }

    async fn the_email_of_a_member_is_refused_in_every_spelling(server: TestServer) {
        let mine = server.organization("mine").await;
        created(&mine, new_user(&mine, "ana")).await;

        for email in ["ana@example.com", "ANA@Example.COM"] {
            let request = CreateUserRequest { email: email.to_owned(), ..new_user(&mine, "bea") };
            let outcome = ask!(mine.users().create_user(request));
            assert_eq!(refusal(outcome), "ALREADY_EXISTS ALREADY_MEMBER", "{email}");
        }
    }

    async fn a_repeated_creation_answers_as_the_first(server: TestServer) {
        let mine = server.organization("mine").await;
        let request_id = REQUEST_ID.to_owned();
        let request = CreateUserRequest { request_id, app_access: true, ..new_user(&mine, "ana") };
        let first = ask!(mine.users().create_user(request.clone())).unwrap();
        let again = ask!(mine.users().create_user(request.clone())).unwrap();

        assert_eq!(again, first);
        assert_eq!(count(&mine).await, 1);
        assert_eq!(used_seats(&mine, SeatPool::App).await, 1);

        let different = CreateUserRequest { username: "bea".to_owned(), ..request };
        let outcome = ask!(mine.users().create_user(different));
        assert_eq!(refusal(outcome), "INVALID_ARGUMENT REQUEST_ID_REUSED");
    }

    async fn validate_only_changes_nothing(server: TestServer) {
        let mine = server.organization("mine").await;
        let before = mine.event_count().await;
        let request = CreateUserRequest { validate_only: true, app_access: true, ..new_user(&mine, "ana") };
        let user = ask!(mine.users().create_user(request.clone())).unwrap().user.unwrap();

        assert_eq!(user.username, "ana");
        assert!(found(&mine, &user.user_id).await.is_err());
        assert_eq!((count(&mine).await, used_seats(&mine, SeatPool::App).await), (0, 0));
        assert_eq!(mine.event_count().await, before);

        created(&mine, new_user(&mine, "ana")).await;
        let outcome = ask!(mine.users().create_user(request));
        assert_eq!(refusal(outcome), "ALREADY_EXISTS ALREADY_MEMBER");
    }

    async fn only_the_organization_itself_creates_users(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        let outcome = ask!(mine.users().create_user(new_user(&other, "ana")));

        assert_eq!(refusal(outcome), "NOT_FOUND ORGANIZATION_NOT_FOUND");
        assert_eq!(count(&other).await, 0);
    }
}
