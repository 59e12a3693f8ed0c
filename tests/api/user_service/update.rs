use prost_types::FieldMask;
use varco_proto::v1::{UpdateUserRequest, User};
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use super::{created, found, guest, new_user, profile};
use crate::calls::{ask, bad_fields, refusal};

fn update(actor: &OrganizationActor, user: User, paths: &[&str]) -> UpdateUserRequest {
    let paths = paths.iter().map(|path| (*path).to_owned()).collect();
    let organization_id = actor.organization.clone();
    UpdateUserRequest { organization_id, user: Some(user), update_mask: Some(FieldMask { paths }) }
}

on_every_database! {
    async fn only_what_the_mask_names_changes(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = created(&mine, new_user(&mine, "ana")).await;
        let wanted = User {
            username: "another".to_owned(),
            email: "another@example.com".to_owned(),
            profile: Some(profile("Anna", "Bianchi", "de")),
            ..ana.clone()
        };
        let request = update(&mine, wanted, &["profile.first_name", "profile.language"]);
        let updated = ask!(mine.users().update_user(request)).unwrap().user.unwrap();

        assert_eq!(updated.profile, Some(profile("Anna", "Rossi", "de")));
        assert_eq!((&updated.username, &updated.email), (&ana.username, &ana.email));
        assert_ne!(updated.etag, ana.etag);
        assert_eq!(found(&mine, &ana.user_id).await.unwrap(), updated);
    }

    async fn a_stale_etag_is_refused(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = created(&mine, new_user(&mine, "ana")).await;
        let named = |name: &str| User { profile: Some(profile(name, "Rossi", "it")), ..ana.clone() };
        let first = update(&mine, named("Anna"), &["profile.first_name"]);
        ask!(mine.users().update_user(first)).unwrap();
        let second = update(&mine, named("Annamaria"), &["profile.first_name"]);

        let outcome = ask!(mine.users().update_user(second));
        assert_eq!(refusal(outcome), "ABORTED ETAG_MISMATCH");
        assert_eq!(found(&mine, &ana.user_id).await.unwrap().profile.unwrap().first_name, "Anna");
    }

    async fn a_mask_names_something_that_may_change(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = created(&mine, new_user(&mine, "ana")).await;

        for paths in [&[] as &[&str], &["username"], &["status"], &["profile"], &["profile.first_name", "email"]] {
            let outcome = ask!(mine.users().update_user(update(&mine, ana.clone(), paths)));
            assert_eq!(bad_fields(outcome), ["update_mask"], "{paths:?}");
        }
        let nameless = User { profile: Some(profile("", "", "it")), etag: "x".to_owned(), ..ana.clone() };
        let request = update(&mine, nameless, &["profile.first_name", "profile.last_name"]);
        let outcome = ask!(mine.users().update_user(request));
        assert_eq!(bad_fields(outcome), ["user.etag", "user.profile.first_name", "user.profile.last_name"]);
    }

    async fn an_update_that_changes_nothing_keeps_the_etag(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = created(&mine, new_user(&mine, "ana")).await;
        let before = mine.event_count().await;
        let request = update(&mine, ana.clone(), &["profile.first_name"]);

        assert_eq!(ask!(mine.users().update_user(request)).unwrap().user, Some(ana));
        assert_eq!(mine.event_count().await, before);
    }

    async fn only_home_changes_the_account(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let stranger = server.organization("stranger").await;
        let ana = created(&home, new_user(&home, "ana")).await;
        ask!(other.users().add_membership(guest(&other, "ana@example.com"))).unwrap();
        let wanted = User { profile: Some(profile("Anna", "Rossi", "it")), ..ana.clone() };

        let by_host = ask!(other.users().update_user(update(&other, wanted.clone(), &["profile.first_name"])));
        assert_eq!(refusal(by_host), "FAILED_PRECONDITION NOT_HOME_ORGANIZATION");
        let by_stranger =
            ask!(stranger.users().update_user(update(&stranger, wanted, &["profile.first_name"])));
        assert_eq!(refusal(by_stranger), "NOT_FOUND USER_NOT_FOUND");
        assert_eq!(found(&home, &ana.user_id).await.unwrap(), ana);
    }
}
