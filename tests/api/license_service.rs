//! `varco.v1.LicenseService`.

use tonic::Status;
use varco_proto::v1::{self, BackOfficeLevel, SeatPool};
use varco_testkit::{Actor, OrganizationActor, TestServer, on_every_database, status_text, violations};

use crate::tampered::tampered;

fn limit(pool: SeatPool, limit: Option<u32>) -> v1::SeatLimit {
    v1::SeatLimit { pool: pool.into(), limit }
}

async fn set(
    operator: &Actor,
    organization: &str,
    limits: &[v1::SeatLimit],
) -> Result<v1::SetLicenseLimitsResponse, Status> {
    let request = v1::SetLicenseLimitsRequest { organization_id: organization.to_owned(), limits: limits.to_vec() };
    Ok(operator.licenses().set_license_limits(request).await?.into_inner())
}

async fn licenses(actor: &OrganizationActor) -> v1::GetLicensesResponse {
    let request = v1::GetLicensesRequest { organization_id: actor.organization.clone() };
    actor.licenses().get_licenses(request).await.unwrap().into_inner()
}

/// Limit, use and free seats of a pool, and whether it is over-allocated.
fn state(pools: &[v1::SeatUsage], pool: SeatPool) -> (Option<u32>, u32, Option<u32>, bool) {
    let usage = pools.iter().find(|usage| usage.pool() == pool).unwrap();
    (usage.limit, usage.used, usage.free, usage.over_allocated)
}

async fn holders(
    actor: &Actor,
    organization: &str,
    pool: SeatPool,
    page_token: &str,
) -> Result<(Vec<String>, String), Status> {
    let request = v1::ListSeatHoldersRequest {
        organization_id: organization.to_owned(),
        pool: pool.into(),
        page_size: 2,
        page_token: page_token.to_owned(),
    };
    let page = actor.licenses().list_seat_holders(request).await?.into_inner();
    Ok((page.users.into_iter().map(|user| user.username).collect(), page.next_page_token))
}

on_every_database! {
    async fn limits_say_how_many_seats_are_free_and_whether_a_user_can_be_created(server: TestServer) {
        let (mine, operator) = (server.organization("Mine").await, server.operator().await);
        mine.create_user_with("ana", BackOfficeLevel::Admin).await;
        let unlimited = licenses(&mine).await;
        assert_eq!(state(&unlimited.pools, SeatPool::App), (None, 1, None, false));
        assert!(unlimited.can_create_app_user && unlimited.can_create_back_office_user);

        let limits = [limit(SeatPool::App, Some(3)), limit(SeatPool::BackOffice, Some(1))];
        let set_to = set(&operator, &mine.organization, &limits).await.unwrap();
        let now = licenses(&mine).await;

        assert_eq!(now.pools, set_to.pools);
        assert_eq!(state(&now.pools, SeatPool::App), (Some(3), 1, Some(2), false));
        assert_eq!(state(&now.pools, SeatPool::BackOffice), (Some(1), 1, Some(0), false));
        assert!(now.can_create_app_user && !now.can_create_back_office_user);

        // The other pool stays as it is, and a limit can be taken away.
        let set_to = set(&operator, &mine.organization, &[limit(SeatPool::BackOffice, None)]).await.unwrap();
        assert_eq!(state(&set_to.pools, SeatPool::App), (Some(3), 1, Some(2), false));
        assert_eq!(state(&set_to.pools, SeatPool::BackOffice), (None, 1, None, false));
    }

    async fn a_limit_under_the_use_throws_nobody_out_and_grants_nothing_more(server: TestServer) {
        let (mine, operator) = (server.organization("Mine").await, server.operator().await);
        mine.create_user("ana").await;
        mine.create_user("ben").await;
        let set_to = set(&operator, &mine.organization, &[limit(SeatPool::App, Some(1))]).await.unwrap();

        assert_eq!(state(&set_to.pools, SeatPool::App), (Some(1), 2, Some(0), true));
        assert_eq!(holders(&mine, &mine.organization, SeatPool::App, "").await.unwrap().0, ["ana", "ben"]);
        let request = v1::CreateUserRequest {
            organization_id: mine.organization.clone(),
            username: "eve".to_owned(),
            email: "eve@example.com".to_owned(),
            profile: Some(v1::UserProfile { first_name: "E".into(), last_name: "E".into(), ..Default::default() }),
            app_access: true,
            back_office_level: BackOfficeLevel::None.into(),
            ..Default::default()
        };
        let refused = mine.users().create_user(request).await.unwrap_err();
        assert_eq!(status_text(&refused), "RESOURCE_EXHAUSTED NO_FREE_SEAT");
    }

    async fn a_limit_that_reaches_a_threshold_is_told_and_the_same_limit_again_is_not(server: TestServer) {
        let (mine, operator) = (server.organization("Mine").await, server.operator().await);
        for number in 0..9 {
            mine.create_user(&format!("user{number}")).await;
        }
        let mut told = Vec::new();
        for seats in [11, 10, 10, 9, 8] {
            let before = mine.event_count().await;
            let set_to = set(&operator, &mine.organization, &[limit(SeatPool::App, Some(seats))]).await.unwrap();
            let events = mine.events_so_far().await;
            let new = &events[..events.len() - before];
            assert!(new.iter().all(|event| event.revision == set_to.revision));
            told.push(new.iter().rev().map(|event| event.r#type.clone()).collect::<Vec<_>>());
        }
        let (changed, reached) = ("license.limits_changed".to_owned(), "license.threshold_reached".to_owned());
        let both = vec![changed.clone(), reached];
        assert_eq!(told, [vec![changed.clone()], both.clone(), vec![], both, vec![changed]]);
    }

    async fn limits_name_every_bad_field(server: TestServer) {
        let (mine, operator) = (server.organization("Mine").await, server.operator().await);
        let limits = [
            limit(SeatPool::App, Some(1_000_000_001)),
            limit(SeatPool::Unspecified, None),
            limit(SeatPool::App, None),
        ];
        let refused = set(&operator, "org", &limits).await.unwrap_err();
        let expected = ["organization_id", "limits", "limits[0].limit", "limits[1].pool", "limits[2].pool"];
        assert_eq!(violations(&refused), expected);

        let refused = set(&operator, &mine.organization, &[]).await.unwrap_err();
        assert_eq!(violations(&refused), ["limits"]);
        set(&operator, &mine.organization, &[limit(SeatPool::App, Some(1_000_000_000))]).await.unwrap();
        let absent = set(&operator, "org_01kagbbbbbfbbvbbbbbbbbbbbb", &limits[2..]).await.unwrap_err();
        assert_eq!(status_text(&absent), "NOT_FOUND ORGANIZATION_NOT_FOUND");
    }

    async fn seat_holders_are_listed_page_by_page(server: TestServer) {
        let (mine, other) = (server.organization("Mine").await, server.organization("Other").await);
        mine.create_user("ana").await;
        mine.create_user_with("ben", BackOfficeLevel::Standard).await;
        mine.create_user("eva").await;
        let id = &mine.organization;
        let (first, token) = holders(&mine, id, SeatPool::App, "").await.unwrap();
        let (second, end) = holders(&mine, id, SeatPool::App, &token).await.unwrap();

        assert_eq!((first, second, end.as_str()), (vec!["ana".into(), "ben".into()], vec!["eva".into()], ""));
        assert_eq!(holders(&mine, id, SeatPool::BackOffice, "").await.unwrap().0, ["ben"]);
        let operator = server.operator().await;
        let of_another_query = holders(&mine, id, SeatPool::BackOffice, &token).await.unwrap_err();
        let of_another_caller = holders(&operator, id, SeatPool::App, &token).await.unwrap_err();
        let edited = holders(&mine, id, SeatPool::App, &tampered(&token)).await.unwrap_err();
        for refused in [of_another_query, of_another_caller, edited] {
            assert_eq!(status_text(&refused), "INVALID_ARGUMENT INVALID_PAGE_TOKEN");
        }
        let refused = holders(&mine, id, SeatPool::Unspecified, "").await.unwrap_err();
        assert_eq!(violations(&refused), ["pool"]);
        let foreign = holders(&mine, &other.organization, SeatPool::App, "").await.unwrap_err();
        assert_eq!(status_text(&foreign), "NOT_FOUND ORGANIZATION_NOT_FOUND");
    }
}
