use tonic_types::StatusExt;
use varco_proto::v1::{BackOfficeLevel, CreateUserRequest, SeatPool, SetAccessRequest};
use varco_testkit::{TestServer, on_every_database};

use super::{access, count, created, events_about, limit_seats, new_user, used_seats, with_level};
use crate::calls::{ask, bad_fields, refusal};

on_every_database! {
    async fn access_takes_seats_and_gives_them_back(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = created(&mine, new_user(&mine, "ana")).await;
        let more = SetAccessRequest {
            app_access: Some(true),
            back_office_level: Some(BackOfficeLevel::Standard.into()),
            ..access(&mine, &ana)
        };
        let membership = ask!(mine.users().set_access(more)).unwrap().membership.unwrap();

        assert!(membership.app_access);
        assert_eq!(membership.back_office_level(), BackOfficeLevel::Standard);
        assert_eq!((used_seats(&mine, SeatPool::App).await, used_seats(&mine, SeatPool::BackOffice).await), (1, 1));

        let higher = SetAccessRequest { back_office_level: Some(BackOfficeLevel::Admin.into()), ..access(&mine, &ana) };
        let membership = ask!(mine.users().set_access(higher)).unwrap().membership.unwrap();
        assert!(membership.app_access, "what is absent stays");
        assert_eq!(used_seats(&mine, SeatPool::BackOffice).await, 1, "another level takes no other seat");

        let less = SetAccessRequest { app_access: Some(false), ..access(&mine, &ana) };
        ask!(mine.users().set_access(less)).unwrap();
        assert_eq!((used_seats(&mine, SeatPool::App).await, used_seats(&mine, SeatPool::BackOffice).await), (0, 1));
    }

    async fn an_empty_pool_refuses_and_nothing_changes(server: TestServer) {
        let mine = server.organization("mine").await;
        limit_seats(&server, &mine, SeatPool::App, 1).await;
        limit_seats(&server, &mine, SeatPool::BackOffice, 0).await;
        created(&mine, CreateUserRequest { app_access: true, ..new_user(&mine, "ana") }).await;
        let bea = created(&mine, new_user(&mine, "bea")).await;

        let more = SetAccessRequest { app_access: Some(true), ..access(&mine, &bea) };
        let status = ask!(mine.users().set_access(more)).unwrap_err();
        assert_eq!(status.get_details_quota_failure().unwrap().violations[0].subject, "seats/app");
        assert_eq!(refusal::<()>(Err(status)), "RESOURCE_EXHAUSTED NO_FREE_SEAT");
        let level = BackOfficeLevel::Standard.into();
        let third = CreateUserRequest { back_office_level: level, ..new_user(&mine, "cleo") };
        let status = ask!(mine.users().create_user(third)).unwrap_err();
        assert_eq!(status.get_details_quota_failure().unwrap().violations[0].subject, "seats/back_office");

        assert_eq!((count(&mine).await, used_seats(&mine, SeatPool::App).await), (2, 1));
    }

    async fn validate_only_says_what_would_be_and_changes_nothing(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = created(&mine, new_user(&mine, "ana")).await;
        let before = mine.event_count().await;
        let request = SetAccessRequest { app_access: Some(true), validate_only: true, ..access(&mine, &ana) };

        assert!(ask!(mine.users().set_access(request)).unwrap().membership.unwrap().app_access);
        assert_eq!((used_seats(&mine, SeatPool::App).await, mine.event_count().await), (0, before));
    }

    async fn setting_what_is_so_already_notes_nothing(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = with_level(&mine, "ana", BackOfficeLevel::Admin).await;
        let before = events_about(&mine, &ana.user_id).await;
        let request = SetAccessRequest {
            app_access: Some(false),
            back_office_level: Some(BackOfficeLevel::Admin.into()),
            ..access(&mine, &ana)
        };
        ask!(mine.users().set_access(request)).unwrap();

        assert_eq!(events_about(&mine, &ana.user_id).await, before);
    }

    async fn a_level_that_is_given_must_be_one(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = created(&mine, new_user(&mine, "ana")).await;
        let request = SetAccessRequest { back_office_level: Some(0), ..access(&mine, &ana) };

        assert_eq!(bad_fields(ask!(mine.users().set_access(request))), ["back_office_level"]);
    }

    async fn thresholds_are_events(server: TestServer) {
        let mine = server.organization("mine").await;
        limit_seats(&server, &mine, SeatPool::App, 10).await;
        let reached = async || {
            let events = events_about(&mine, &mine.organization).await;
            events.into_iter().filter(|kind| kind == "license.threshold_reached").count()
        };
        for number in 0..8 {
            created(&mine, CreateUserRequest { app_access: true, ..new_user(&mine, &format!("user-{number}")) }).await;
        }
        assert_eq!(reached().await, 0);
        created(&mine, CreateUserRequest { app_access: true, ..new_user(&mine, "user-8") }).await;
        assert_eq!(reached().await, 1, "at 90 percent");
        created(&mine, CreateUserRequest { app_access: true, ..new_user(&mine, "user-9") }).await;
        assert_eq!(reached().await, 2, "at 100 percent");
    }
}
