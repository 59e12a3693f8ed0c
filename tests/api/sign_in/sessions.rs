//! The list of sessions, signing out, ending them from outside, going on in another organization.

use std::time::Duration;

use varco_proto::v1::select_organization_response::Result as Selected;
use varco_testkit::{TestServer, on_every_database, violations};

use super::*;
use crate::calls::refusal;

async fn listed(user: &UserActor) -> Vec<v1::Session> {
    let (mut sessions, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = v1::ListSessionsRequest { page_size: 2, page_token };
        let page = ask!(user.authentication().list_sessions(request)).unwrap();
        sessions.extend(page.sessions);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return sessions;
        }
    }
}

async fn revoke(actor: &varco_testkit::Actor, session: &str) -> Result<u64, Status> {
    let request = v1::RevokeSessionRequest { session_id: session.to_owned() };
    Ok(ask!(actor.authentication().revoke_session(request))?.revision)
}

/// Signs ana in to an organization that asks for nothing but the password.
async fn signed_in_at(server: &TestServer, organization: &str) -> UserActor {
    let request = v1::SignInRequest {
        username: "ana".to_owned(),
        password: PASSWORD.to_owned(),
        organization_id: organization.to_owned(),
        client: None,
    };
    match ask!(server.anonymous().sign_in(request)).unwrap().result.unwrap() {
        v1::sign_in_response::Result::Session(tokens) => UserActor::new(server, tokens),
        v1::sign_in_response::Result::NextStep(step) => panic!("something is needed first: {step:?}"),
    }
}

on_every_database! {
    async fn a_user_sees_its_own_sessions_by_handle(server: TestServer) {
        let (actor, _) = office(&server).await;
        person(&server, &actor, "bea").await;
        server.sign_in_user("bea").await;
        let mut own = Vec::new();
        for _ in 0..3 {
            own.push(server.sign_in_user("ana").await);
        }

        let sessions = listed(&own[1]).await;
        let ids: Vec<&str> = sessions.iter().map(|session| session.session_id.as_str()).collect();
        assert_eq!(ids, own.iter().map(|it| it.session().session_id.as_str()).collect::<Vec<_>>());
        let current: Vec<bool> = sessions.iter().map(|session| session.is_current).collect();
        assert_eq!(current, [false, true, false]);
        for session in ids {
            assert_eq!(refusal(revoke(&own[0].with_token(session), session).await), TOKEN_INVALID);
        }
        let refused = ask!(actor.authentication().list_sessions(v1::ListSessionsRequest::default()));
        assert_eq!(refusal(refused), "PERMISSION_DENIED CALLER_NOT_PERMITTED");
    }

    async fn signing_out_ends_this_session_at_once(server: TestServer) {
        office(&server).await;
        let (one, two) = (server.sign_in_user("ana").await, server.sign_in_user("ana").await);
        ask!(one.authentication().sign_out(v1::SignOutRequest {})).unwrap();

        assert!(!works(&one).await && works(&two).await);
        assert_eq!(refusal(refresh(&server, &one.tokens.refresh_token).await), REFRESH_TOKEN_INVALID);
    }

    async fn sessions_are_ended_by_their_user_and_its_administrators(server: TestServer) {
        let (mine, _) = office(&server).await;
        let other = server.organization("other").await;
        person(&server, &mine, "bea").await;
        let bea = server.sign_in_user("bea").await;
        let mut anas = Vec::new();
        for _ in 0..3 {
            anas.push(server.sign_in_user("ana").await);
        }
        let id = |place: usize| anas[place].session().session_id.clone();

        let refused = [revoke(&bea, &id(0)).await, revoke(&other, &id(0)).await];
        for refused in refused {
            assert_eq!(refusal(refused), "NOT_FOUND SESSION_NOT_FOUND");
        }
        assert_eq!(refusal(revoke(&server.operator().await, &id(0)).await), "NOT_FOUND SESSION_NOT_FOUND");
        revoke(&anas[0], &id(1)).await.unwrap();
        revoke(&mine, &id(2)).await.unwrap();
        assert_eq!(refusal(revoke(&mine, &id(2)).await), "NOT_FOUND SESSION_NOT_FOUND");
        let alive = [works(&anas[0]).await, works(&anas[1]).await, works(&anas[2]).await];
        assert_eq!(alive, [true, false, false]);
        assert_eq!(violations(&revoke(&mine, "session_1").await.unwrap_err()), ["session_id"]);
    }

    async fn a_user_has_fifty_sessions(server: TestServer) {
        let (actor, _) = office(&server).await;
        let first = server.sign_in_user("ana").await;
        for number in 0..50 {
            server.clock.advance(std::time::Duration::from_secs(1));
            let address = format!("198.51.100.{number}");
            server.try_sign_in_from(&actor, &address, "ana", PASSWORD).await.unwrap();
        }
        assert!(!works(&first).await);
        let newest = server.sign_in_user("ana").await;
        assert_eq!(listed(&newest).await.len(), 50);
    }

    async fn new_challenges_give_no_new_tries_at_the_pin(server: TestServer) {
        let (mine, _) = office(&server).await;
        let strict = server.organization("strict").await;
        invite_guest(&strict, "ana").await;
        demand_pin(&strict).await;
        let guess = async |ana: &UserActor| {
            let select = v1::SelectOrganizationRequest { organization_id: strict.organization.clone(), client: None };
            let asked = ask!(ana.authentication().select_organization(select)).unwrap();
            let Selected::NextStep(step) = asked.result.unwrap() else { panic!("the PIN is needed first") };
            refusal(go_on(&server, &step, v1::continue_sign_in_request::Answer::Pin("000000".to_owned())).await)
        };
        let ana = signed_in_at(&server, &mine.organization).await;
        for _ in 0..5 {
            assert_eq!(guess(&ana).await, SIGN_IN_FAILED);
        }
        assert_eq!(guess(&ana).await, "RESOURCE_EXHAUSTED TOO_MANY_ATTEMPTS");
        server.clock.advance(Duration::from_mins(15));
        let ana = signed_in_at(&server, &mine.organization).await;
        assert_eq!(guess(&ana).await, SIGN_IN_FAILED);
    }

    async fn what_began_with_a_session_takes_its_place_and_ends_with_it(server: TestServer) {
        office(&server).await;
        let ana = server.sign_in_user("ana").await;
        let strict = server.organization("strict").await;
        invite_guest(&strict, "ana").await;
        demand_pin(&strict).await;
        let begin = async |user: &UserActor| {
            let select = v1::SelectOrganizationRequest { organization_id: strict.organization.clone(), client: None };
            let asked = ask!(user.authentication().select_organization(select)).unwrap();
            let Selected::NextStep(step) = asked.result.unwrap() else { panic!("the PIN is needed first") };
            step
        };
        let step = begin(&ana).await;
        let pin = v1::continue_sign_in_request::Answer::Pin(mailed_pin(&server, "ana").await);
        let there = session(&server, go_on(&server, &step, pin.clone()).await.unwrap());
        assert!(works(&there).await && !works(&ana).await);

        server.clock.advance(Duration::from_mins(1));
        let again = signed_in_at(&server, &ana.session().organization_id).await;
        let step = begin(&again).await;
        ask!(again.authentication().sign_out(v1::SignOutRequest {})).unwrap();
        assert_eq!(refusal(go_on(&server, &step, pin).await), SIGN_IN_FAILED);
    }

    async fn a_session_is_not_asked_for_a_password_in_place_of_one_that_it_never_gave(server: TestServer) {
        let (mine, _) = office(&server).await;
        let day = prost_types::Duration { seconds: 24 * 3600, nanos: 0 };
        set_policies(&mine, "policies.max_password_age", |policies| policies.max_password_age = Some(day)).await;
        server.clock.advance(Duration::from_mins(24 * 60 - 2));
        let ana = server.sign_in_user("ana").await;
        let other = server.organization("other").await;
        invite_guest(&other, "ana").await;
        server.clock.advance(Duration::from_mins(3));

        let select = v1::SelectOrganizationRequest { organization_id: other.organization.clone(), client: None };
        let selected = ask!(ana.authentication().select_organization(select)).unwrap();
        assert!(matches!(selected.result.unwrap(), Selected::Session(_)));
        is_kind(&next(&server, "ana", PASSWORD).await, v1::SignInStepKind::ChangePassword);
    }

    async fn a_session_goes_on_in_another_organization(server: TestServer) {
        let (mine, _) = office(&server).await;
        let ana = server.sign_in_user("ana").await;
        let (open, strict) = (server.organization("open").await, server.organization("strict").await);
        for guest in [&open, &strict] {
            invite_guest(guest, "ana").await;
        }
        demand_pin(&strict).await;
        let select = |organization: &str| v1::SelectOrganizationRequest {
            organization_id: organization.to_owned(),
            client: None,
        };
        let stranger = server.organization("stranger").await;
        let refused = ask!(ana.authentication().select_organization(select(&stranger.organization)));
        assert_eq!(refusal(refused), "NOT_FOUND ORGANIZATION_NOT_FOUND");

        let asked = ask!(ana.authentication().select_organization(select(&strict.organization))).unwrap();
        let Selected::NextStep(step) = asked.result.unwrap() else { panic!("the PIN is needed first") };
        is_kind(&step, v1::SignInStepKind::Pin);
        assert!(works(&ana).await, "this session stays until then");
        let given = ask!(ana.authentication().select_organization(select(&open.organization))).unwrap();
        let Selected::Session(tokens) = given.result.unwrap() else { panic!("nothing more is needed") };
        let there = UserActor::new(&server, tokens);
        assert_ne!(there.session().session_id, ana.session().session_id);
        assert_eq!(there.session().organization_id, open.organization);
        assert!(works(&there).await && !works(&ana).await);
        assert!(there.session().expire_time.unwrap().seconds <= ana.session().expire_time.unwrap().seconds);
        assert_ne!(mine.organization, open.organization);
    }
}
