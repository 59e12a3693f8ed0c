use tonic::Code;
use varco_testkit::{PASSWORD, Returned, on_every_database};

use super::*;
use crate::calls::refusal;

const LINK_INVALID: &str = "FAILED_PRECONDITION LINK_INVALID";

async fn activate_with_password(server: &TestServer, token: &str) -> String {
    let request = v1::ActivateAccountRequest { token: token.to_owned(), password: PASSWORD.to_owned() };
    refusal(ask!(server.anonymous().activate_account(request)))
}

on_every_database! {
    async fn the_link_activates_the_account_and_from_then_on_the_provider_lets_in(sso: Sso) {
        let (user, token) = sso.invite("ana").await;
        let back = sso.come_back_with(&token, "subject-of-ana").await;
        assert_eq!(user_of(complete(&sso.server, &back).await.unwrap()), user);
        assert_eq!(sso.acme.user(&user).await.status(), v1::UserStatus::Active);
        let mails = sso.server.mails().await;
        assert_eq!(mails.last().unwrap().kind.as_str(), "activated");

        let back = sso.come_back("subject-of-ana").await;
        assert_eq!(user_of(complete(&sso.server, &back).await.unwrap()), user);
        let events: Vec<String> = sso.acme.events_so_far().await.into_iter().map(|event| event.r#type).collect();
        for kind in ["user.activated", "user.sso_linked", "session.started"] {
            assert!(events.iter().any(|it| it == kind), "{kind} of {events:?}");
        }
        let all = format!("{:?}", sso.acme.events_so_far().await);
        assert!(!all.contains("subject-of-ana"), "the log holds no personal data");
    }

    async fn nobody_is_linked_by_anything_but_a_link(sso: Sso) {
        sso.invite("ana").await;
        sso.acme.create_user("leo").await;
        for subject in ["ana", "ana@example.com", "leo", "leo@example.com"] {
            let back = sso.come_back(subject).await;
            assert_eq!(refusal(complete(&sso.server, &back).await), SSO_FAILED, "{subject}");
        }
    }

    async fn with_single_sign_on_a_link_takes_no_password(sso: Sso) {
        let (user, token) = sso.invite("ana").await;
        assert_eq!(activate_with_password(&sso.server, &token).await, "FAILED_PRECONDITION SSO_REQUIRED");
        assert_eq!(sso.acme.user(&user).await.status(), v1::UserStatus::Invited);
        let back = sso.come_back_with(&token, "a").await;
        assert_eq!(user_of(complete(&sso.server, &back).await.unwrap()), user);
    }

    async fn a_link_works_once_and_a_replaced_one_never(sso: Sso) {
        let (_, token) = sso.invite("ana").await;
        let two = [sso.come_back_with(&token, "a").await, sso.come_back_with(&token, "b").await];
        complete(&sso.server, &two[0]).await.unwrap();
        assert_eq!(refusal(complete(&sso.server, &two[1]).await), LINK_INVALID);
        assert_eq!(refusal(begin(&sso.server, "", &token).await), LINK_INVALID);
        assert_eq!(refusal(begin(&sso.server, "", "varco_link_nobody").await), LINK_INVALID);
        let back = sso.come_back("b").await;
        assert_eq!(refusal(complete(&sso.server, &back).await), SSO_FAILED, "nobody is linked by a link that failed");
    }

    async fn a_link_leads_to_its_own_organization(sso: Sso) {
        let (_, token) = sso.invite("ana").await;
        let other = sso.server.organization("Other").await;
        ask!(other.organizations().set_sso_provider(provider_at(&other, &sso.provider.issuer))).unwrap();
        assert_eq!(refusal(begin(&sso.server, &other.organization, &token).await), LINK_INVALID);
        assert!(begin(&sso.server, &sso.acme.organization, &token).await.is_ok());
    }

    async fn one_person_at_the_provider_has_one_account(sso: Sso) {
        sso.member("ana", "a").await;
        let (leo, token) = sso.invite("leo").await;
        let back = sso.come_back_with(&token, "a").await;
        assert_eq!(refusal(complete(&sso.server, &back).await), "ALREADY_EXISTS SSO_IDENTITY_TAKEN");
        assert_eq!(sso.acme.user(&leo).await.status(), v1::UserStatus::Invited, "nothing happened");
        let back = sso.come_back_with(&token, "l").await;
        assert_eq!(user_of(complete(&sso.server, &back).await.unwrap()), leo);
    }

    async fn another_organization_lets_nobody_in_by_the_same_provider(sso: Sso) {
        sso.member("ana", "a").await;
        let other = sso.server.organization("Other").await;
        ask!(other.organizations().set_sso_provider(provider_at(&other, &sso.provider.issuer))).unwrap();
        let begun = begin(&sso.server, &other.organization, "").await.unwrap();
        let back = sso.provider.sign_in(&begun.authorization_url, "a");
        assert_eq!(refusal(complete(&sso.server, &back).await), SSO_FAILED);
    }

    async fn who_was_stopped_or_became_a_contact_is_not_let_in(sso: Sso) {
        let (ana, leo) = (sso.member("ana", "a").await, sso.member("leo", "l").await);
        let (organization_id, user_id) = (sso.acme.organization.clone(), ana);
        let suspend = v1::SuspendUserRequest { organization_id, user_id, validate_only: false };
        ask!(sso.acme.users().suspend_user(suspend)).unwrap();
        let (organization_id, user_id) = (sso.acme.organization.clone(), leo);
        let request = v1::DeactivateSubAccountRequest { organization_id, user_id, validate_only: false };
        ask!(sso.acme.users().deactivate_sub_account(request)).unwrap();
        for subject in ["a", "l", "nobody"] {
            let back = sso.come_back(subject).await;
            let refused = complete(&sso.server, &back).await.unwrap_err();
            assert_eq!((refused.code(), refused.message().contains("nobody's account")), (Code::Unauthenticated, true));
        }
    }

    async fn a_pin_is_asked_for_where_the_organization_demands_it(sso: Sso) {
        sso.member("ana", "a").await;
        let current = v1::GetOrganizationRequest { organization_id: sso.acme.organization.clone() };
        let current = ask!(sso.acme.organizations().get_organization(current)).unwrap().organization.unwrap();
        let policies = v1::OrganizationPolicies { pin_required: true, ..current.policies.unwrap() };
        let request = v1::UpdateOrganizationRequest {
            organization_id: sso.acme.organization.clone(),
            organization: Some(v1::Organization { policies: Some(policies), ..current }),
            update_mask: Some(prost_types::FieldMask { paths: vec!["policies.pin_required".to_owned()] }),
        };
        ask!(sso.acme.organizations().update_organization(request)).unwrap();

        let back = sso.come_back("a").await;
        let Answer::NextStep(step) = complete(&sso.server, &back).await.unwrap() else { panic!("a session") };
        assert_eq!(step.kind(), v1::SignInStepKind::Pin);
        let pin = sso.server.last_mail("ana@example.com").await.value("pin").to_owned();
        let request = v1::ContinueSignInRequest {
            challenge_token: step.challenge_token,
            answer: Some(v1::continue_sign_in_request::Answer::Pin(pin)),
            client: None,
        };
        let answer = ask!(sso.server.anonymous().continue_sign_in(request)).unwrap().result.unwrap();
        assert!(matches!(answer, v1::continue_sign_in_response::Result::Session(_)), "{answer:?}");
    }

    async fn one_of_many_who_come_back_at_once_is_let_in(sso: Sso) {
        let (_, token) = sso.invite("ana").await;
        let Returned { state, code, issuer } = sso.come_back_with(&token, "a").await;
        let request = v1::CompleteSsoRequest { state, code, issuer, client: None };
        let calls = (0..100).map(|_| {
            let (mut client, request) = (sso.server.anonymous(), request.clone());
            async move { client.complete_sso(request).await.is_ok() }
        });
        let let_in = futures::future::join_all(calls).await.into_iter().filter(|is_in| *is_in).count();
        assert_eq!((let_in, sso.provider.exchanges()), (1, 1));
    }
}
