//! What ends sessions: at once, and with the reason in the log.

use varco_testkit::{TestServer, on_every_database};

use super::*;
use crate::calls::refusal;

/// The session is over, and the log says why.
async fn assert_ended(server: &TestServer, actor: &OrganizationActor, user: &UserActor, reason: &str) {
    assert!(!works(user).await, "{reason}");
    assert_eq!(refusal(refresh(server, &user.tokens.refresh_token).await), REFRESH_TOKEN_INVALID);
    let events = actor.events_so_far().await;
    let is_it = |event: &&v1::Event| {
        event.r#type == "session.ended" && format!("{event:?}").contains(&user.session().session_id)
    };
    let event = events.iter().find(is_it).unwrap_or_else(|| panic!("no event for {reason}"));
    assert!(format!("{event:?}").contains(reason), "{event:?}");
}

on_every_database! {
    async fn suspension_removal_and_resets_end_every_session(server: TestServer) {
        let actor = server.organization("mine").await;
        let organization_id = actor.organization.clone();
        let mut users = Vec::new();
        for name in ["ana", "bea", "cleo", "dana", "eva"] {
            person(&server, &actor, name).await;
            users.push(server.sign_in_user(name).await);
        }
        suspend(&actor, &users[0].user).await;
        assert_ended(&server, &actor, &users[0], "suspended").await;

        let user_id = users[1].user.clone();
        let remove = v1::RemoveUserRequest { organization_id, user_id, ..Default::default() };
        ask!(actor.users().remove_user(remove)).unwrap();
        assert_ended(&server, &actor, &users[1], "removed").await;

        reset_password(&actor, &users[2].user).await;
        assert_ended(&server, &actor, &users[2], "password_reset").await;

        let (organization_id, user_id) = (actor.organization.clone(), users[3].user.clone());
        let reset = v1::ResetPinRequest { organization_id, user_id, ..Default::default() };
        ask!(actor.users().reset_pin(reset)).unwrap();
        assert_ended(&server, &actor, &users[3], "pin_reset").await;

        let (organization_id, user_id) = (actor.organization.clone(), users[4].user.clone());
        let stop = v1::DeactivateSubAccountRequest { organization_id, user_id, ..Default::default() };
        ask!(actor.users().deactivate_sub_account(stop)).unwrap();
        assert_ended(&server, &actor, &users[4], "deactivated").await;
    }

    async fn the_end_of_a_membership_ends_the_sessions_there_alone(server: TestServer) {
        let (home, user) = office(&server).await;
        let at_home = server.sign_in_user("ana").await;
        for name in ["left", "shut"] {
            let other = server.organization(name).await;
            invite_guest(&other, "ana").await;
            let request = v1::SignInRequest {
                username: "ana".to_owned(),
                password: PASSWORD.to_owned(),
                organization_id: other.organization.clone(),
                client: None,
            };
            let given = ask!(server.anonymous().sign_in(request)).unwrap().result.unwrap();
            let v1::sign_in_response::Result::Session(tokens) = given else { panic!("nothing more is needed") };
            let there = UserActor::new(&server, tokens);
            assert!(works(&there).await);
            let (organization_id, user_id) = (other.organization.clone(), user.clone());
            if name == "left" {
                let end = v1::RemoveMembershipRequest { organization_id, user_id, ..Default::default() };
                ask!(other.users().remove_membership(end)).unwrap();
            } else {
                let app_access = Some(false);
                let end = v1::SetAccessRequest { organization_id, user_id, app_access, ..Default::default() };
                ask!(other.users().set_access(end)).unwrap();
            }
            assert_ended(&server, &other, &there, "membership_ended").await;
        }
        assert!(works(&at_home).await);
        assert_eq!(at_home.session().organization_id, home.organization);
    }

    async fn a_new_password_ends_the_other_sessions(server: TestServer) {
        let (actor, _) = office(&server).await;
        let (own, other) = (server.sign_in_user("ana").await, server.sign_in_user("ana").await);
        let change = v1::ChangePasswordRequest {
            current_password: PASSWORD.to_owned(),
            password: ANOTHER.to_owned(),
        };
        ask!(own.authentication().change_password(change)).unwrap();
        assert!(works(&own).await);
        assert_ended(&server, &actor, &other, "password_changed").await;
    }
}
