use tonic::Status;
use varco_proto::v1::{self, RoleOrigin};
use varco_testkit::{OrganizationActor, TestServer, on_every_database, status_text, violations};

use crate::tampered::tampered;

async fn list(
    actor: &OrganizationActor,
    origin: RoleOrigin,
    page_size: i32,
    page_token: &str,
) -> Result<(Vec<v1::Role>, String), Status> {
    let request = v1::ListRolesRequest {
        organization_id: actor.organization.clone(),
        page_size,
        page_token: page_token.to_owned(),
        origin: origin.into(),
    };
    let page = actor.roles().list_roles(request).await?.into_inner();
    Ok((page.roles, page.next_page_token))
}

fn names(roles: &[v1::Role]) -> Vec<&str> {
    roles.iter().map(|role| role.name.as_str()).collect()
}

on_every_database! {
    async fn roles_are_listed_newest_first_with_their_counts(server: TestServer) {
        let mine = server.organization("Mine").await;
        mine.create_role("Empty", &[]).await;
        let held = mine.create_role("Held", &["test:things.view", "test:things.edit"]).await;
        mine.create_role("Last", &["test:reports.view"]).await;
        let unit = mine.create_unit(&mine.root_unit, "Below").await;
        for username in ["ana", "ben"] {
            let user = mine.create_user(username).await;
            mine.grant(&user, &mine.root_unit, &[&held]).await;
            mine.grant(&user, &unit, &[&held]).await;
        }
        let (first, token) = list(&mine, RoleOrigin::Unspecified, 2, "").await.unwrap();
        let (second, end) = list(&mine, RoleOrigin::Unspecified, 2, &token).await.unwrap();

        assert_eq!((names(&first), names(&second), end.as_str()), (vec!["Last", "Held"], vec!["Empty"], ""));
        assert_eq!((first[1].permission_count, first[1].holder_count), (2, 2));
        assert_eq!(first[1], mine.role(&held).await);
        assert_eq!((second[0].permission_count, second[0].holder_count), (0, 0));
    }

    async fn roles_are_listed_by_origin(server: TestServer) {
        let mine = server.organization("Mine").await;
        mine.create_role("Own", &[]).await;
        let role = v1::PredefinedRole { key: "shipped".into(), name: "Shipped".into(), ..Default::default() };
        let catalog = v1::Catalog {
            catalog_key: "shop".to_owned(),
            display_name: "Shop".to_owned(),
            version: 1,
            predefined_roles: vec![role],
            ..Default::default()
        };
        let request = v1::ApplyCatalogRequest { catalog: Some(catalog), validate_only: false };
        server.operator().await.catalogs().apply_catalog(request).await.unwrap();
        let (organization_id, catalog_key) = (mine.organization.clone(), "shop".to_owned());
        let request = v1::SubscribeRequest { organization_id, catalog_key, validate_only: false };
        mine.catalogs().subscribe(request).await.unwrap();

        assert_eq!(names(&list(&mine, RoleOrigin::Predefined, 0, "").await.unwrap().0), ["Shipped"]);
        assert_eq!(names(&list(&mine, RoleOrigin::Custom, 0, "").await.unwrap().0), ["Own"]);
        assert_eq!(names(&list(&mine, RoleOrigin::Unspecified, 0, "").await.unwrap().0), ["Shipped", "Own"]);
    }

    async fn a_page_token_fits_its_own_query_and_caller_alone(server: TestServer) {
        let (mine, other) = (server.organization("Mine").await, server.organization("Other").await);
        for actor in [&mine, &other] {
            actor.create_role("One", &[]).await;
            actor.create_role("Two", &[]).await;
        }
        let (_, token) = list(&mine, RoleOrigin::Unspecified, 1, "").await.unwrap();
        let of_another_query = list(&mine, RoleOrigin::Custom, 1, &token).await.unwrap_err();
        let of_another_caller = list(&other, RoleOrigin::Unspecified, 1, &token).await.unwrap_err();
        let edited = list(&mine, RoleOrigin::Unspecified, 1, &tampered(&token)).await.unwrap_err();
        for refused in [of_another_query, of_another_caller, edited] {
            assert_eq!(status_text(&refused), "INVALID_ARGUMENT INVALID_PAGE_TOKEN");
        }
        let request = v1::ListRolesRequest { page_size: -1, origin: 9, ..Default::default() };
        let refused = server.operator().await.roles().list_roles(request).await.unwrap_err();
        assert_eq!(violations(&refused), ["page_size", "organization_id", "origin"]);
    }
}
