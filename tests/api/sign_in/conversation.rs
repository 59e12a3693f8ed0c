//! The steps of a sign-in.

use std::time::Duration;

use varco_proto::v1::SignInStepKind;
use varco_proto::v1::continue_sign_in_request::Answer as Given;
use varco_testkit::{PASSWORD, TestServer, on_every_database, violations};

use super::*;
use crate::calls::refusal;

on_every_database! {
    async fn a_password_is_enough_where_nothing_else_is_asked_for(server: TestServer) {
        let (actor, user) = office(&server).await;
        let ana = server.sign_in_user("ana").await;

        let session = ana.session();
        assert_eq!((&session.user_id, &session.organization_id), (&user, &actor.organization));
        assert!(session.is_current && session.address == "127.0.0.1");
        assert!(works(&ana).await);
        let event = &actor.events_so_far().await[0];
        assert_eq!(event.r#type, "session.started");
        assert_eq!(event.actor.as_ref().unwrap().actor_id, user);
    }

    async fn a_name_is_the_same_in_every_spelling(server: TestServer) {
        let (_, user) = office(&server).await;
        for name in ["ANA", " ana ", "\u{ff41}na", "ana@example.com", "Ana@EXAMPLE.com"] {
            assert_eq!(server.sign_in_user(name).await.user, user, "{name}");
        }
    }

    async fn a_temporary_password_must_be_changed_first(server: TestServer) {
        let (actor, user) = office(&server).await;
        reset_password(&actor, &user).await;
        assert_eq!(refusal(server.try_sign_in("ana", PASSWORD).await), SIGN_IN_FAILED);
        let temporary = server.last_mail("ana@example.com").await.value("password").to_owned();
        server.clock.advance(Duration::from_mins(1));
        let asked = next(&server, "ana", &temporary).await;
        is_kind(&asked, SignInStepKind::ChangePassword);

        for bad in ["short", temporary.as_str()] {
            let refused = go_on(&server, &asked, Given::NewPassword(bad.to_owned())).await.unwrap_err();
            assert_eq!(violations(&refused), ["new_password"], "{bad}");
        }
        let ana = session(&server, go_on(&server, &asked, Given::NewPassword(ANOTHER.to_owned())).await.unwrap());
        assert!(works(&ana).await);
        server.clock.advance(Duration::from_mins(1));
        assert_eq!(refusal(server.try_sign_in("ana", &temporary).await), SIGN_IN_FAILED);
        server.clock.advance(Duration::from_mins(1));
        server.try_sign_in("ana", ANOTHER).await.unwrap();
    }

    async fn a_password_that_grew_too_old_must_be_changed(server: TestServer) {
        let (actor, _) = office(&server).await;
        let day = prost_types::Duration { seconds: 24 * 3600, nanos: 0 };
        set_policies(&actor, "policies.max_password_age", |policies| policies.max_password_age = Some(day)).await;
        server.sign_in_user("ana").await;
        server.clock.advance(Duration::from_hours(24));
        is_kind(&next(&server, "ana", PASSWORD).await, SignInStepKind::ChangePassword);
    }

    async fn the_pin_is_the_second_factor(server: TestServer) {
        let (actor, user) = office(&server).await;
        demand_pin(&actor).await;
        let asked = next(&server, "ana", PASSWORD).await;
        is_kind(&asked, SignInStepKind::Pin);
        let pin = mailed_pin(&server, "ana").await;
        let other_pin = if pin == "482915" { "915482" } else { "482915" };

        assert_eq!(refusal(go_on(&server, &asked, Given::Pin(other_pin.to_owned())).await), SIGN_IN_FAILED);
        let ana = session(&server, go_on(&server, &asked, Given::Pin(pin.clone())).await.unwrap());
        assert!(works(&ana).await);
        let events = actor.events_so_far().await;
        assert!(events.iter().any(|event| event.r#type == "user.pin_activated"));
        assert!(ana.user == user && !format!("{events:?}").contains(&pin));
        // A challenge works once, and a PIN alone never.
        assert_eq!(refusal(go_on(&server, &asked, Given::Pin(pin)).await), SIGN_IN_FAILED);
    }

    async fn five_wrong_pins_end_a_sign_in(server: TestServer) {
        let (actor, _) = office(&server).await;
        demand_pin(&actor).await;
        let asked = next(&server, "ana", PASSWORD).await;
        let pin = mailed_pin(&server, "ana").await;
        for _ in 0..5 {
            assert_eq!(refusal(go_on(&server, &asked, Given::Pin("000000".to_owned())).await), SIGN_IN_FAILED);
        }
        assert_eq!(refusal(go_on(&server, &asked, Given::Pin(pin.clone())).await), SIGN_IN_FAILED);

        server.clock.advance(Duration::from_mins(15));
        let again = next(&server, "ana", PASSWORD).await;
        go_on(&server, &again, Given::Pin(pin)).await.unwrap();
    }

    async fn who_has_several_organizations_chooses(server: TestServer) {
        let (mine, user) = office(&server).await;
        let other = server.organization("other").await;
        invite_guest(&other, "ana").await;
        let asked = next(&server, "ana", PASSWORD).await;
        is_kind(&asked, SignInStepKind::ChooseOrganization);
        let names: Vec<&str> = asked.organizations.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["mine", "other"]);

        let nowhere = server.organization("third").await.organization;
        let refused = go_on(&server, &asked, Given::ChosenOrganizationId(nowhere)).await;
        assert_eq!(refusal(refused), "NOT_FOUND ORGANIZATION_NOT_FOUND");
        let chosen = Given::ChosenOrganizationId(other.organization.clone());
        let ana = session(&server, go_on(&server, &asked, chosen).await.unwrap());
        assert_eq!((&ana.user, &ana.session().organization_id), (&user, &other.organization));

        let request = v1::SignInRequest {
            username: "ana".to_owned(),
            password: PASSWORD.to_owned(),
            organization_id: mine.organization.clone(),
            client: None,
        };
        server.clock.advance(Duration::from_mins(1));
        let direct = ask!(server.anonymous().sign_in(request)).unwrap().result.unwrap();
        assert!(matches!(direct, v1::sign_in_response::Result::Session(_)));
    }

    async fn a_guest_gives_the_pin_where_it_is_asked_for(server: TestServer) {
        let (_, _) = office(&server).await;
        let strict = server.organization("strict").await;
        invite_guest(&strict, "ana").await;
        demand_pin(&strict).await;
        let asked = next(&server, "ana", PASSWORD).await;
        let chosen = Given::ChosenOrganizationId(strict.organization.clone());
        let asked = step(go_on(&server, &asked, chosen).await.unwrap());
        is_kind(&asked, SignInStepKind::Pin);
        let pin = mailed_pin(&server, "ana").await;
        session(&server, go_on(&server, &asked, Given::Pin(pin)).await.unwrap());
    }

    async fn a_step_takes_only_what_it_asked_for(server: TestServer) {
        let (actor, _) = office(&server).await;
        demand_pin(&actor).await;
        let asked = next(&server, "ana", PASSWORD).await;
        for other in [
            Given::NewPassword(ANOTHER.to_owned()),
            Given::ChosenOrganizationId(actor.organization.clone()),
        ] {
            assert_eq!(refusal(go_on(&server, &asked, other).await), SIGN_IN_FAILED);
        }
        let request = v1::ContinueSignInRequest { challenge_token: asked.challenge_token, answer: None, client: None };
        let refused = ask!(server.anonymous().continue_sign_in(request)).unwrap_err();
        assert_eq!(violations(&refused), ["answer"]);
    }

    async fn a_challenge_ends_after_ten_minutes_and_with_a_reset(server: TestServer) {
        let (actor, user) = office(&server).await;
        demand_pin(&actor).await;
        let asked = next(&server, "ana", PASSWORD).await;
        let pin = mailed_pin(&server, "ana").await;
        server.clock.advance(Duration::from_mins(10));
        assert_eq!(refusal(go_on(&server, &asked, Given::Pin(pin.clone())).await), SIGN_IN_FAILED);

        let asked = next(&server, "ana", PASSWORD).await;
        reset_password(&actor, &user).await;
        assert_eq!(refusal(go_on(&server, &asked, Given::Pin(pin)).await), SIGN_IN_FAILED);
    }

    async fn no_token_passes_for_another(server: TestServer) {
        let (actor, _) = office(&server).await;
        let ana = server.sign_in_user("ana").await;
        demand_pin(&actor).await;
        let asked = next(&server, "ana", PASSWORD).await;
        let (access, refresh_token) = (ana.tokens.access_token.clone(), ana.tokens.refresh_token.clone());

        for token in [&access, &asked.challenge_token, &actor.token] {
            assert_eq!(refusal(refresh(&server, token).await), REFRESH_TOKEN_INVALID);
        }
        for token in [&access, &refresh_token, &actor.token] {
            let step = SignInStep { challenge_token: token.clone(), ..asked.clone() };
            assert_eq!(refusal(go_on(&server, &step, Given::Pin("123456".to_owned())).await), SIGN_IN_FAILED);
        }
        for token in [&asked.challenge_token, &refresh_token] {
            let refused = ana.with_token(token).authentication().sign_out(v1::SignOutRequest {}).await;
            assert_eq!(refusal(refused), TOKEN_INVALID);
        }
        assert!(works(&ana).await);
    }

    async fn what_a_browser_says_of_itself_is_kept(server: TestServer) {
        let (actor, _) = office(&server).await;
        let firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0";
        let client = v1::SignInClient { address: "198.51.100.7".to_owned(), user_agent: firefox.to_owned() };
        let request = v1::SignInRequest {
            username: "ana".to_owned(),
            password: PASSWORD.to_owned(),
            client: Some(client),
            ..Default::default()
        };
        let own = ask!(server.anonymous().sign_in(request.clone())).unwrap().result.unwrap();
        let v1::sign_in_response::Result::Session(own) = own else { panic!("nothing more is needed") };
        let own = own.session.unwrap();
        assert_eq!(own.address, "127.0.0.1", "nobody says himself where he is");
        assert_eq!((own.browser.as_str(), own.operating_system.as_str()), ("Firefox 128", "Windows 10"));

        let carried = ask!(actor.authentication().sign_in(request)).unwrap().result.unwrap();
        let v1::sign_in_response::Result::Session(carried) = carried else { panic!("nothing more is needed") };
        assert_eq!(carried.session.unwrap().address, "198.51.100.7", "a gateway is believed");
    }
}
