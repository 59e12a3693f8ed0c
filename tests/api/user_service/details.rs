//! What an account says of its person, and who sees it.

use prost_types::FieldMask;
use varco_proto::v1::{CreateUserRequest, Gender, ListSeatHoldersRequest, ListUsersRequest, UpdateUserRequest, User};
use varco_proto::v1::{SeatPool, UserProfile};
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use super::{created, found, guest, new_user, profile};
use crate::calls::{ask, bad_fields};

fn full() -> UserProfile {
    UserProfile {
        gender: Gender::Female.into(),
        birth_date: "1984-02-29".to_owned(),
        mobile_phone: "+39 347 1234567".to_owned(),
        phone: "(02) 123.456/7".to_owned(),
        company: "Aurora S.p.A.".to_owned(),
        address_line1: "Via Roma 1".to_owned(),
        address_line2: "Scala B".to_owned(),
        city: "Forlì".to_owned(),
        province: "FC".to_owned(),
        postal_code: "47121".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        ..profile("Ana", "Rossi", "it")
    }
}

async fn update(actor: &OrganizationActor, user: &User, profile: UserProfile, path: &str) -> User {
    let user = User { profile: Some(profile), etag: found(actor, &user.user_id).await.unwrap().etag, ..user.clone() };
    let update_mask = Some(FieldMask { paths: vec![format!("profile.{path}")] });
    let request = UpdateUserRequest { organization_id: actor.organization.clone(), user: Some(user), update_mask };
    ask!(actor.users().update_user(request)).unwrap().user.unwrap()
}

/// Every part of a profile by its name, with a profile that has it and nothing else.
fn parts() -> Vec<(&'static str, UserProfile)> {
    let (all, none) = (full(), UserProfile::default);
    vec![
        ("first_name", UserProfile { first_name: all.first_name, ..none() }),
        ("last_name", UserProfile { last_name: all.last_name, ..none() }),
        ("language", UserProfile { language: all.language, ..none() }),
        ("gender", UserProfile { gender: all.gender, ..none() }),
        ("birth_date", UserProfile { birth_date: all.birth_date, ..none() }),
        ("mobile_phone", UserProfile { mobile_phone: all.mobile_phone, ..none() }),
        ("phone", UserProfile { phone: all.phone, ..none() }),
        ("company", UserProfile { company: all.company, ..none() }),
        ("address_line1", UserProfile { address_line1: all.address_line1, ..none() }),
        ("address_line2", UserProfile { address_line2: all.address_line2, ..none() }),
        ("city", UserProfile { city: all.city, ..none() }),
        ("province", UserProfile { province: all.province, ..none() }),
        ("postal_code", UserProfile { postal_code: all.postal_code, ..none() }),
        ("time_zone", UserProfile { time_zone: all.time_zone, ..none() }),
    ]
}

on_every_database! {
    async fn a_profile_is_kept_whole(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = created(&mine, CreateUserRequest { profile: Some(full()), ..new_user(&mine, "ana") }).await;

        assert_eq!(ana.profile, Some(full()));
        assert_eq!(found(&mine, &ana.user_id).await.unwrap().profile, Some(full()));
    }

    async fn each_part_of_a_profile_changes_by_itself_and_can_be_taken_away(server: TestServer) {
        let mine = server.organization("mine").await;
        let request = CreateUserRequest { profile: Some(profile("X", "Y", "de")), ..new_user(&mine, "ana") };
        let ana = created(&mine, request).await;
        let mut expected = ana.profile.clone().unwrap();
        for (path, part) in parts() {
            let updated = update(&mine, &ana, part.clone(), path).await.profile.unwrap();
            let changed = [&expected, &updated].map(|profile| format!("{profile:?}"));
            assert_ne!(changed[0], changed[1], "{path}");
            expected = updated;
        }
        assert_eq!(expected, full());

        for (path, _) in parts().into_iter().skip(3) {
            expected = update(&mine, &ana, UserProfile::default(), path).await.profile.unwrap();
        }
        assert_eq!(expected, profile("Ana", "Rossi", "it"));
    }

    async fn every_bad_part_of_a_profile_is_named(server: TestServer) {
        let mine = server.organization("mine").await;
        let long = "x".repeat(201);
        let bad = UserProfile {
            gender: 9,
            birth_date: "2026-01-02".to_owned(),
            mobile_phone: "call me".to_owned(),
            phone: "1".to_owned(),
            company: "\u{202e}".to_owned(),
            address_line1: long.clone(),
            address_line2: long.clone(),
            city: long.clone(),
            province: long.clone(),
            postal_code: long,
            time_zone: "Europe/Atlantis".to_owned(),
            ..profile("Ana", "Rossi", "it")
        };
        let outcome = ask!(mine.users().create_user(CreateUserRequest { profile: Some(bad), ..new_user(&mine, "ana") }));

        let expected: Vec<String> = parts()[3..].iter().map(|(path, _)| format!("profile.{path}")).collect();
        assert_eq!(bad_fields(outcome), expected, "today is 2026-01-01");
    }

    async fn other_organizations_see_names_and_language_alone(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, CreateUserRequest { profile: Some(full()), ..new_user(&home, "ana") }).await;
        let added = ask!(other.users().add_membership(varco_proto::v1::AddMembershipRequest {
            app_access: true,
            ..guest(&other, "ana@example.com")
        }));
        let public = Some(profile("Ana", "Rossi", "it"));
        let list = ListUsersRequest { organization_id: other.organization.clone(), ..ListUsersRequest::default() };
        let listed = ask!(other.users().list_users(list)).unwrap().users;
        let holders = ListSeatHoldersRequest {
            organization_id: other.organization.clone(),
            pool: SeatPool::App.into(),
            ..ListSeatHoldersRequest::default()
        };
        let holders = ask!(other.licenses().list_seat_holders(holders)).unwrap().users;

        for seen in [added.unwrap().user.unwrap(), found(&other, &ana.user_id).await.unwrap()]
            .into_iter()
            .chain(listed)
            .chain(holders)
        {
            assert_eq!((&seen.username, &seen.email), (&ana.username, &ana.email));
            assert_eq!(seen.profile, public);
            assert_eq!((seen.activate_time, seen.last_sign_in_time), (None, None));
        }
        assert_eq!(found(&home, &ana.user_id).await.unwrap().profile, Some(full()));
    }

    async fn what_is_private_finds_nobody(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        created(&home, CreateUserRequest { profile: Some(full()), ..new_user(&home, "ana") }).await;
        ask!(other.users().add_membership(guest(&other, "ana@example.com"))).unwrap();
        for search in ["aurora", "roma", "forlì", "47121", "1984-02-29", "347"] {
            let organization_id = other.organization.clone();
            let request = ListUsersRequest { organization_id, search: search.to_owned(), ..Default::default() };
            assert_eq!(ask!(other.users().list_users(request)).unwrap().users, [], "{search}");
        }
    }

    async fn the_log_tells_nothing_of_a_person(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = created(&mine, CreateUserRequest { profile: Some(full()), ..new_user(&mine, "ana") }).await;
        update(&mine, &ana, UserProfile { city: "Cesena".to_owned(), ..full() }, "city").await;

        let log = format!("{:?}", mine.events_so_far().await);
        assert!(log.contains("user.updated"));
        for word in ["Rossi", "1984", "347", "Aurora S", "Roma", "Forl", "Cesena", "47121", "ana@"] {
            assert!(!log.contains(word), "{word}");
        }
    }
}
