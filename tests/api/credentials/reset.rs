use std::time::Duration;

use varco_proto::v1::continue_sign_in_response::Result as Continued;
use varco_proto::v1::sign_in_response::Result as Answer;
use varco_proto::v1::{
    AddMembershipRequest, BackOfficeLevel, ContinueSignInRequest, GetProfileRequest, ListFailedSignInsRequest,
    ResetPasswordRequest, ResetPinRequest, SignInRefusal, SignInStep, SignInStepKind, continue_sign_in_request,
};
use varco_testkit::{PASSWORD, TestServer, on_every_database};

use super::{
    ANOTHER, complete, events_about, forget, invited, link_of, mails_to, person, reset_password, reset_pin, sign_in,
    suspend,
};
use crate::calls::{ask, bad_fields, refusal};

fn choose(step: &SignInStep, password: &str) -> ContinueSignInRequest {
    ContinueSignInRequest {
        challenge_token: step.challenge_token.clone(),
        answer: Some(continue_sign_in_request::Answer::NewPassword(password.to_owned())),
        ..ContinueSignInRequest::default()
    }
}

on_every_database! {
    async fn a_reset_password_is_useless_at_once_and_the_temporary_one_must_be_changed(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = person(&server, &mine, "ana").await;
        let session = server.sign_in_user("ana").await;
        let answer = ask!(mine.users().reset_password(reset_password(&mine, &ana))).unwrap();
        assert!(answer.user.unwrap().user_id == ana && answer.revision > 0);

        let call = ask!(session.authentication().get_profile(GetProfileRequest {}));
        assert_eq!(refusal(call), "UNAUTHENTICATED TOKEN_INVALID", "every session has ended");
        let temporary = server.last_mail("ana@example.com").await.value("password").to_owned();
        let Answer::NextStep(step) = server.try_sign_in("ana", &temporary).await.unwrap() else {
            panic!("the temporary password gives no session")
        };
        assert_eq!(step.kind(), SignInStepKind::ChangePassword);
        assert_eq!(bad_fields(ask!(server.anonymous().continue_sign_in(choose(&step, &temporary)))), ["new_password"]);
        let continued = ask!(server.anonymous().continue_sign_in(choose(&step, ANOTHER))).unwrap();
        assert!(matches!(continued.result, Some(Continued::Session(_))));

        server.clock.advance(std::time::Duration::from_mins(1));
        assert_eq!(sign_in(&server, "ana", &temporary).await, "UNAUTHENTICATED SIGN_IN_FAILED");
        server.clock.advance(std::time::Duration::from_mins(1));
        assert_eq!(sign_in(&server, "ana", PASSWORD).await, "UNAUTHENTICATED SIGN_IN_FAILED");
        server.clock.advance(std::time::Duration::from_mins(1));
        assert_eq!(sign_in(&server, "ana", ANOTHER).await, "session");
        assert!(events_about(&mine, &ana).await.contains(&"user.password_reset".to_owned()));
    }

    async fn a_reset_pin_is_another_one_and_ends_the_sessions(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = person(&server, &mine, "ana").await;
        let session = server.sign_in_user("ana").await;
        ask!(mine.users().reset_pin(reset_pin(&mine, &ana))).unwrap();
        let first = server.last_mail("ana@example.com").await.value("pin").to_owned();
        let call = ask!(session.authentication().get_profile(GetProfileRequest {}));
        assert_eq!(refusal(call), "UNAUTHENTICATED TOKEN_INVALID", "every session has ended");

        ask!(mine.users().reset_pin(reset_pin(&mine, &ana))).unwrap();
        assert_ne!(server.last_mail("ana@example.com").await.value("pin"), first);
        assert!(events_about(&mine, &ana).await.contains(&"user.pin_reset".to_owned()));
    }

    async fn only_home_resets(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        let ana = person(&server, &mine, "ana").await;
        let strangers = [
            ask!(other.users().reset_password(reset_password(&other, &ana))).map(|_| ()),
            ask!(other.users().reset_pin(reset_pin(&other, &ana))).map(|_| ()),
        ];
        for refused in strangers {
            assert_eq!(refusal(refused), "NOT_FOUND USER_NOT_FOUND");
        }
        let request = AddMembershipRequest {
            organization_id: other.organization.clone(),
            email: "ana@example.com".to_owned(),
            back_office_level: BackOfficeLevel::Admin.into(),
            ..AddMembershipRequest::default()
        };
        ask!(other.users().add_membership(request)).unwrap();
        let hosts = [
            ask!(other.users().reset_password(reset_password(&other, &ana))).map(|_| ()),
            ask!(other.users().reset_pin(reset_pin(&other, &ana))).map(|_| ()),
        ];
        for refused in hosts {
            assert_eq!(refusal(refused), "FAILED_PRECONDITION NOT_HOME_ORGANIZATION");
        }
        assert_eq!(mails_to(&server, "ana").await, ["invitation", "activated"]);
    }

    async fn nobody_resets_what_is_his_own(server: TestServer) {
        let mine = server.organization("mine").await;
        let chief = mine.create_person(&server, "chief", BackOfficeLevel::Admin).await;
        let ana = person(&server, &mine, "ana").await;
        let session = server.sign_in_user("chief").await;
        let own = [
            ask!(session.users().reset_password(reset_password(&mine, &chief))).map(|_| ()),
            ask!(session.users().reset_pin(reset_pin(&mine, &chief))).map(|_| ()),
        ];
        for refused in own {
            assert_eq!(refusal(refused), "FAILED_PRECONDITION CANNOT_RESET_OWN");
        }

        ask!(session.users().reset_password(reset_password(&mine, &ana))).unwrap();
        let of_ana = server.sign_in_user("chief").await;
        ask!(of_ana.users().reset_pin(reset_pin(&mine, &ana))).unwrap();
    }

    async fn there_is_nothing_to_reset_before_the_activation(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = invited(&mine, "ana").await;
        let early = [
            ask!(mine.users().reset_password(reset_password(&mine, &ana))).map(|_| ()),
            ask!(mine.users().reset_pin(reset_pin(&mine, &ana))).map(|_| ()),
        ];
        for refused in early {
            assert_eq!(refusal(refused), "FAILED_PRECONDITION NOT_ACTIVATED");
        }
    }

    async fn a_user_without_a_password_is_given_one(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = mine.create_user("ana").await;
        ask!(mine.users().reset_password(reset_password(&mine, &ana))).unwrap();

        let temporary = server.last_mail("ana@example.com").await.value("password").to_owned();
        assert_eq!(sign_in(&server, "ana", &temporary).await, "SIGN_IN_STEP_KIND_CHANGE_PASSWORD");
    }

    async fn a_suspended_user_can_be_reset_and_stays_out(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = person(&server, &mine, "ana").await;
        suspend(&mine, &ana).await;
        ask!(mine.users().reset_password(reset_password(&mine, &ana))).unwrap();

        let temporary = server.last_mail("ana@example.com").await.value("password").to_owned();
        assert_eq!(sign_in(&server, "ana", &temporary).await, "UNAUTHENTICATED SIGN_IN_FAILED");
    }

    async fn validate_only_resets_nothing(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = person(&server, &mine, "ana").await;
        let before = mine.event_count().await;
        let password = ResetPasswordRequest { validate_only: true, ..reset_password(&mine, &ana) };
        ask!(mine.users().reset_password(password)).unwrap();
        let pin = ResetPinRequest { validate_only: true, ..reset_pin(&mine, &ana) };
        ask!(mine.users().reset_pin(pin)).unwrap();

        assert_eq!(mine.event_count().await, before);
        assert_eq!(mails_to(&server, "ana").await, ["invitation", "activated"]);
        assert_eq!(sign_in(&server, "ana", PASSWORD).await, "session");
    }

    async fn a_temporary_password_works_for_seven_days(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = person(&server, &mine, "ana").await;
        ask!(mine.users().reset_password(reset_password(&mine, &ana))).unwrap();
        let temporary = server.last_mail("ana@example.com").await.value("password").to_owned();
        let second = Duration::from_secs(1);
        server.clock.advance(Duration::from_hours(7 * 24) - second);
        assert_eq!(sign_in(&server, "ana", &temporary).await, "SIGN_IN_STEP_KIND_CHANGE_PASSWORD");
        server.clock.advance(second);
        assert_eq!(sign_in(&server, "ana", &temporary).await, "UNAUTHENTICATED SIGN_IN_FAILED");

        let request = ListFailedSignInsRequest::default();
        let failures = ask!(server.operator().await.reports().list_failed_sign_ins(request)).unwrap();
        assert_eq!(failures.failed_sign_ins[0].reason(), SignInRefusal::PasswordExpired);
        forget(&server, "ana").await;
        complete(&server, &link_of(&server, "ana").await, ANOTHER).await.unwrap();
        assert_eq!(sign_in(&server, "ana", ANOTHER).await, "session", "the mailed link is still a way");
    }
}
