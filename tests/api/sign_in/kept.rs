//! Every refusal is kept for administrators, also of what was right until something came in between.

use varco_application::sign_in::{Answer, ContinueSignIn, Origin, SignIn, SignInError, continue_sign_in, sign_in};
use varco_application::{Caller, Environment, PlainSecret};
use varco_proto::v1::SignInRefusal;
use varco_proto::v1::continue_sign_in_request::Answer as Given;
use varco_testkit::{TestServer, on_every_database};

use super::reports::{failures, reasons};
use super::*;
use crate::calls::refusal;

/// Why sign-ins of a user were refused, the newest first.
async fn kept(actor: &OrganizationActor, user: &str) -> Vec<SignInRefusal> {
    reasons(&failures(actor, &actor.organization, user).await.unwrap())
}

fn origin(env: &Environment) -> Origin {
    Origin::of(env, &Caller::system("test"), None, None)
}

on_every_database! {
    async fn every_refused_pin_is_kept(server: TestServer) {
        let (actor, user) = office(&server).await;
        demand_pin(&actor).await;
        let asked = next(&server, "ana", PASSWORD).await;
        let pin = mailed_pin(&server, "ana").await;
        for _ in 0..5 {
            go_on(&server, &asked, Given::Pin("no PIN".to_owned())).await.unwrap_err();
        }
        let spent = go_on(&server, &asked, Given::Pin(pin.clone())).await;
        assert_eq!(refusal(spent), SIGN_IN_FAILED);
        let again = next(&server, "ana", PASSWORD).await;
        assert_eq!(refusal(go_on(&server, &again, Given::Pin(pin)).await), TOO_MANY);
        let mut expected = vec![SignInRefusal::TooManyAttempts; 2];
        expected.extend([SignInRefusal::WrongPin; 5]);
        assert_eq!(kept(&actor, &user).await, expected);
    }

    async fn an_answer_that_leads_nowhere_is_kept(server: TestServer) {
        let (actor, user) = office(&server).await;
        let other = server.organization("other").await;
        invite_guest(&other, "ana").await;
        let asked = next(&server, "ana", PASSWORD).await;
        is_kind(&asked, SignInStepKind::ChooseOrganization);
        let elsewhere = server.organization("elsewhere").await.organization.clone();
        let nowhere = go_on(&server, &asked, Given::ChosenOrganizationId(elsewhere)).await;
        assert_eq!(refusal(nowhere), "NOT_FOUND ORGANIZATION_NOT_FOUND");
        assert_eq!(refusal(go_on(&server, &asked, Given::Pin("123456".to_owned())).await), SIGN_IN_FAILED);
        assert_eq!(kept(&actor, &user).await, [SignInRefusal::NoAccess; 2]);
    }

    async fn a_password_that_is_replaced_while_it_is_verified_is_refused_and_kept(server: TestServer) {
        let (actor, user) = office(&server).await;
        let (env, faults) = server.faulty_environment().await;
        let (administrator, whose) = (actor.clone(), user.clone());
        faults.meanwhile(async move { reset_password(&administrator, &whose).await });
        let command = SignIn {
            unverified_name: "ana".to_owned(),
            unverified_password: PlainSecret::new(PASSWORD.to_owned()),
            organization: None,
            origin: origin(&env),
        };
        let signed_in = sign_in(&env, &command).await;
        assert!(matches!(signed_in, Err(SignInError::Refused)), "{signed_in:?}");
        assert_eq!(kept(&actor, &user).await, [SignInRefusal::WrongPassword]);
    }

    async fn a_pin_that_is_replaced_while_it_is_verified_is_refused_and_kept(server: TestServer) {
        let (actor, user) = office(&server).await;
        demand_pin(&actor).await;
        let asked = next(&server, "ana", PASSWORD).await;
        let pin = mailed_pin(&server, "ana").await;
        let (env, faults) = server.faulty_environment().await;
        let (administrator, user_id) = (actor.clone(), user.clone());
        faults.meanwhile(async move {
            let organization_id = administrator.organization.clone();
            let request = v1::ResetPinRequest { organization_id, user_id, validate_only: false };
            ask!(administrator.users().reset_pin(request)).unwrap();
        });
        let command = ContinueSignIn {
            unverified_challenge: PlainSecret::new(asked.challenge_token),
            answer: Answer::Pin(PlainSecret::new(pin)),
            origin: origin(&env),
        };
        let answered = continue_sign_in(&env, &command).await;
        assert!(matches!(answered, Err(SignInError::Refused)), "{answered:?}");
        assert_eq!(kept(&actor, &user).await, [SignInRefusal::WrongPin]);
    }
}
