use std::time::Duration;

use varco_proto::v1::{
    Organization, OrganizationPolicies, ReactivateUserRequest, UpdateOrganizationRequest, UserStatus,
};
use varco_testkit::{OrganizationActor, PASSWORD, TestServer, on_every_database};

use super::{activate, events_about, get_user, invited, link_of, mails_to, person, resend, sign_in, suspend};
use crate::calls::{ask, bad_fields, refusal};

/// Sets what an organization demands of its users.
async fn demand(actor: &OrganizationActor, policies: OrganizationPolicies, paths: &[&str]) {
    let request = varco_proto::v1::GetOrganizationRequest { organization_id: actor.organization.clone() };
    let current = ask!(actor.organizations().get_organization(request)).unwrap().organization.unwrap();
    let request = UpdateOrganizationRequest {
        organization_id: actor.organization.clone(),
        organization: Some(Organization { policies: Some(policies), ..current }),
        update_mask: Some(prost_types::FieldMask { paths: paths.iter().map(ToString::to_string).collect() }),
    };
    ask!(actor.organizations().update_organization(request)).unwrap();
}

on_every_database! {
    async fn an_invited_user_activates_the_account_by_the_mailed_link(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = invited(&mine, "ana").await;
        assert_eq!(get_user(&mine, &ana).await.status(), UserStatus::Invited);
        assert_eq!(mails_to(&server, "ana").await, ["invitation"]);
        assert_eq!(sign_in(&server, "ana", PASSWORD).await, "UNAUTHENTICATED SIGN_IN_FAILED");

        let answer = activate(&server, &link_of(&server, "ana").await, PASSWORD).await.unwrap();
        let head = mine.events_so_far().await[0].revision;
        assert!(answer.username == "ana" && answer.revision <= head && answer.revision > 0);
        assert_eq!(get_user(&mine, &ana).await.status(), UserStatus::Active);
        assert_eq!(mails_to(&server, "ana").await, ["invitation", "activated"]);
        assert_eq!(sign_in(&server, "ana", PASSWORD).await, "session");
        let expected =
            ["user.created", "membership.added", "user.invited", "user.activated", "user.password_changed"];
        assert_eq!(events_about(&mine, &ana).await[..5], expected);
    }

    async fn an_activated_user_may_do_at_once_what_was_granted_before(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = invited(&mine, "ana").await;
        let role = mine.create_role("reader", &["test:things.view"]).await;
        mine.grant(&ana, &mine.root_unit, &[&role]).await;
        assert!(!mine.may(&ana, "test:things.view", &mine.root_unit).await);

        activate(&server, &link_of(&server, "ana").await, PASSWORD).await.unwrap();
        assert!(mine.may(&ana, "test:things.view", &mine.root_unit).await);
    }

    async fn the_event_names_the_user_who_used_the_link(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = person(&server, &mine, "ana").await;
        let request = varco_proto::v1::ListEventsRequest {
            organization_id: mine.organization.clone(),
            types: vec!["user.activated".to_owned()],
            ..Default::default()
        };
        let event = ask!(mine.events().list_events(request)).unwrap().events.pop().unwrap();

        assert_eq!(event.actor.unwrap().actor_id, ana);
    }

    async fn a_later_link_makes_the_older_one_useless(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = invited(&mine, "ana").await;
        let older = link_of(&server, "ana").await;
        assert_eq!(resend(&mine, &ana).await.unwrap().status(), UserStatus::Invited);
        let later = link_of(&server, "ana").await;

        assert_ne!(older, later);
        assert_eq!(refusal(activate(&server, &older, PASSWORD).await), "FAILED_PRECONDITION LINK_INVALID");
        activate(&server, &later, PASSWORD).await.unwrap();
        assert_eq!(refusal(resend(&mine, &ana).await), "FAILED_PRECONDITION NOT_INVITED");
    }

    async fn only_home_sends_the_link_again(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        let ana = invited(&mine, "ana").await;
        assert_eq!(refusal(resend(&other, &ana).await), "NOT_FOUND USER_NOT_FOUND");
        let request = varco_proto::v1::AddMembershipRequest {
            organization_id: other.organization.clone(),
            email: "ana@example.com".to_owned(),
            back_office_level: varco_proto::v1::BackOfficeLevel::None.into(),
            ..Default::default()
        };
        ask!(other.users().add_membership(request)).unwrap();

        assert_eq!(refusal(resend(&other, &ana).await), "FAILED_PRECONDITION NOT_HOME_ORGANIZATION");
        assert_eq!(mails_to(&server, "ana").await.iter().filter(|kind| **kind == "invitation").count(), 1);
    }

    async fn validate_only_sends_nothing_and_keeps_the_link(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = invited(&mine, "ana").await;
        let (token, before) = (link_of(&server, "ana").await, mine.event_count().await);
        let request = varco_proto::v1::ResendActivationRequest {
            organization_id: mine.organization.clone(),
            user_id: ana.clone(),
            validate_only: true,
        };
        ask!(mine.users().resend_activation(request)).unwrap();

        assert_eq!((mine.event_count().await, link_of(&server, "ana").await), (before, token.clone()));
        activate(&server, &token, PASSWORD).await.unwrap();
    }

    async fn a_bad_password_is_explained_and_leaves_the_link(server: TestServer) {
        let mine = server.organization("mine").await;
        invited(&mine, "ana.maria").await;
        let token = link_of(&server, "ana.maria").await;
        for bad in ["", "too short", "ana.maria@example.com", "passwordpassword", &"long ".repeat(60)] {
            assert_eq!(bad_fields(activate(&server, &token, bad).await), ["password"], "{bad}");
        }
        let refused = activate(&server, &token, "too short").await.unwrap_err();
        assert!(refused.message().contains("at least 15 characters"), "{}", refused.message());

        activate(&server, &token, PASSWORD).await.unwrap();
    }

    async fn a_suspended_account_is_not_activated_until_it_is_back(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = invited(&mine, "ana").await;
        let token = link_of(&server, "ana").await;
        suspend(&mine, &ana).await;
        assert_eq!(refusal(activate(&server, &token, PASSWORD).await), "FAILED_PRECONDITION LINK_INVALID");
        assert_eq!(get_user(&mine, &ana).await.status(), UserStatus::Suspended);

        let (organization_id, user_id) = (mine.organization.clone(), ana.clone());
        let request = ReactivateUserRequest { organization_id, user_id, validate_only: false };
        ask!(mine.users().reactivate_user(request)).unwrap();
        assert_eq!(refusal(activate(&server, &token, PASSWORD).await), "FAILED_PRECONDITION LINK_INVALID");
        resend(&mine, &ana).await.unwrap();
        activate(&server, &link_of(&server, "ana").await, PASSWORD).await.unwrap();
    }

    async fn where_a_pin_is_demanded_it_is_mailed_and_the_password_may_be_shorter(server: TestServer) {
        let mine = server.organization("mine").await;
        demand(&mine, OrganizationPolicies { pin_required: true, ..OrganizationPolicies::default() }, &["policies.pin_required"]).await;
        invited(&mine, "ana").await;
        let token = link_of(&server, "ana").await;
        assert_eq!(bad_fields(activate(&server, &token, "7 chars").await), ["password"]);
        activate(&server, &token, "vl9w x2k").await.unwrap();

        assert_eq!(mails_to(&server, "ana").await, ["invitation", "activated", "new_pin"]);
        let pin = server.last_mail("ana@example.com").await.value("pin").to_owned();
        assert!(pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit()), "{pin}");
        assert_eq!(sign_in(&server, "ana", "vl9w x2k").await, "SIGN_IN_STEP_KIND_PIN");
    }

    async fn a_link_lives_as_long_as_the_organization_says(server: TestServer) {
        let mine = server.organization("mine").await;
        let ttl = prost_types::Duration { seconds: 3600, nanos: 0 };
        let policies = OrganizationPolicies { activation_link_ttl: Some(ttl), ..OrganizationPolicies::default() };
        demand(&mine, policies, &["policies.activation_link_ttl"]).await;
        invited(&mine, "ana").await;
        invited(&mine, "bob").await;
        let (ana, bob) = (link_of(&server, "ana").await, link_of(&server, "bob").await);

        server.clock.advance(Duration::from_secs(3590));
        activate(&server, &ana, PASSWORD).await.unwrap();
        server.clock.advance(Duration::from_secs(10));
        assert_eq!(refusal(activate(&server, &bob, PASSWORD).await), "FAILED_PRECONDITION LINK_INVALID");
    }
}
