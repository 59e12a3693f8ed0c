use prost_types::FieldMask;
use varco_proto::v1::sign_in_response::Result as Answer;
use varco_proto::v1::{
    AddMembershipRequest, BackOfficeLevel, GetProfileRequest, ListEventsRequest, SignInRequest, UpdateProfileRequest,
    User, UserProfile,
};
use varco_testkit::{OrganizationActor, PASSWORD, TestServer, UserActor, on_every_database};

use super::{get_user, person};
use crate::calls::{ask, bad_fields, refusal};

async fn own(session: &UserActor) -> User {
    ask!(session.authentication().get_profile(GetProfileRequest {})).unwrap().user.unwrap()
}

fn update(user: &User, profile: UserProfile, paths: &[&str]) -> UpdateProfileRequest {
    let paths = paths.iter().map(ToString::to_string).collect();
    UpdateProfileRequest { profile: Some(profile), etag: user.etag.clone(), update_mask: Some(FieldMask { paths }) }
}

fn city(name: &str) -> UserProfile {
    UserProfile { city: name.to_owned(), first_name: "Ignored".to_owned(), ..UserProfile::default() }
}

async fn add_guest(host: &OrganizationActor, username: &str) {
    let request = AddMembershipRequest {
        organization_id: host.organization.clone(),
        email: format!("{username}@example.com"),
        back_office_level: BackOfficeLevel::None.into(),
        app_access: true,
        ..AddMembershipRequest::default()
    };
    ask!(host.users().add_membership(request)).unwrap();
}

/// Signs a user in where it is a guest.
async fn signed_in_at(server: &TestServer, host: &OrganizationActor, username: &str) -> UserActor {
    let request = SignInRequest {
        username: username.to_owned(),
        password: PASSWORD.to_owned(),
        organization_id: host.organization.clone(),
        ..SignInRequest::default()
    };
    match ask!(server.anonymous().sign_in(request)).unwrap().result {
        Some(Answer::Session(tokens)) => UserActor::new(server, tokens),
        other => panic!("no session: {other:?}"),
    }
}

on_every_database! {
    async fn a_user_reads_and_changes_the_own_profile(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = person(&server, &mine, "ana").await;
        let session = server.sign_in_user("ana").await;
        let before = own(&session).await;
        assert_eq!((before.user_id.as_str(), before.username.as_str(), &before.membership), (ana.as_str(), "ana", &None));

        let request = update(&before, city("Torino"), &["profile.city"]);
        let after = ask!(session.authentication().update_profile(request)).unwrap().user.unwrap();
        assert_eq!(own(&session).await, after);
        let profile = after.profile.unwrap();
        assert_eq!((profile.city.as_str(), profile.first_name.as_str()), ("Torino", "Some"));
        assert_eq!(get_user(&mine, &ana).await.profile.unwrap().city, "Torino");
        let request = ListEventsRequest {
            organization_id: mine.organization.clone(),
            types: vec!["user.updated".to_owned()],
            actor_id: ana,
            ..ListEventsRequest::default()
        };
        assert_eq!(ask!(mine.events().list_events(request)).unwrap().events.len(), 1);
    }

    async fn a_guest_still_sees_and_changes_everything_of_the_own_profile(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        let ana = person(&server, &mine, "ana").await;
        add_guest(&other, "ana").await;
        let session = signed_in_at(&server, &other, "ana").await;
        let before = own(&session).await;
        let request = update(&before, city("Torino"), &["profile.city"]);
        ask!(session.authentication().update_profile(request)).unwrap();

        assert_eq!(own(&session).await.profile.unwrap().city, "Torino");
        assert_eq!(get_user(&other, &ana).await.profile.unwrap().city, "", "the host sees no more than before");
    }

    async fn nobody_overwrites_what_he_has_not_read(server: TestServer) {
        let mine = server.organization("mine").await;
        person(&server, &mine, "ana").await;
        let session = server.sign_in_user("ana").await;
        let before = own(&session).await;
        let request = update(&before, city("Torino"), &["profile.city"]);
        ask!(session.authentication().update_profile(request.clone())).unwrap();

        let stale = ask!(session.authentication().update_profile(request));
        assert_eq!(refusal(stale), "ABORTED ETAG_MISMATCH");
    }

    async fn every_bad_field_is_named(server: TestServer) {
        let mine = server.organization("mine").await;
        person(&server, &mine, "ana").await;
        let session = server.sign_in_user("ana").await;
        let profile = UserProfile { birth_date: "2025-02-29".to_owned(), ..UserProfile::default() };
        let request = UpdateProfileRequest {
            profile: Some(profile),
            etag: "new".to_owned(),
            update_mask: Some(FieldMask {
                paths: ["profile.first_name", "profile.birth_date", "username", "status"].map(str::to_owned).to_vec(),
            }),
        };

        let refused = ask!(session.authentication().update_profile(request));
        let expected = ["etag", "update_mask", "update_mask", "profile.first_name", "profile.birth_date"];
        assert_eq!(bad_fields(refused), expected);
    }

    async fn a_program_has_no_profile(server: TestServer) {
        let mine = server.organization("mine").await;
        let refused = ask!(mine.authentication().get_profile(GetProfileRequest {}));

        assert_eq!(refusal(refused), "PERMISSION_DENIED CALLER_NOT_PERMITTED");
    }
}
