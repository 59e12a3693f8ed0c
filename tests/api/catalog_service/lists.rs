use tonic::Status;
use varco_proto::v1;
use varco_testkit::{Actor, TestServer, on_every_database, status_text, violations};

use super::{apply, privacy, subscribe};
use crate::tampered::tampered;

async fn catalogs(actor: &Actor, page_size: i32, page_token: &str) -> Result<(Vec<v1::Catalog>, String), Status> {
    let request = v1::ListCatalogsRequest { page_size, page_token: page_token.to_owned() };
    let page = actor.catalogs().list_catalogs(request).await?.into_inner();
    Ok((page.catalogs, page.next_page_token))
}

async fn permissions(actor: &Actor, organization: &str, page_token: &str) -> Result<(Vec<String>, String), Status> {
    let request = v1::CatalogServiceListPermissionsRequest {
        organization_id: organization.to_owned(),
        page_size: 4,
        page_token: page_token.to_owned(),
    };
    let page = actor.catalogs().list_permissions(request).await?.into_inner();
    Ok((page.permissions.into_iter().map(|permission| permission.key).collect(), page.next_page_token))
}

on_every_database! {
    async fn catalogs_are_listed_by_key_without_their_content(server: TestServer) {
        let operator = server.operator().await;
        for key in ["zoo", "alpha", "mid-way"] {
            let mut catalog = privacy(1, &[]);
            catalog.catalog_key = key.to_owned();
            catalog.permissions = vec![v1::CatalogPermission { key: format!("{key}:a.b"), ..Default::default() }];
            apply(&operator, &catalog).await.unwrap();
        }
        let (first, token) = catalogs(&operator, 2, "").await.unwrap();
        let (second, end) = catalogs(&operator, 2, &token).await.unwrap();

        let all: Vec<&v1::Catalog> = first.iter().chain(&second).collect();
        assert_eq!(all.iter().map(|catalog| catalog.catalog_key.as_str()).collect::<Vec<_>>(), ["alpha", "mid-way", "zoo"]);
        assert!(all.iter().all(|catalog| catalog.permissions.is_empty() && catalog.apply_time.is_some()));
        assert_eq!((first.len(), end.as_str()), (2, ""));
        let refused = catalogs(&operator, 2, &tampered(&token)).await.unwrap_err();
        assert_eq!(status_text(&refused), "INVALID_ARGUMENT INVALID_PAGE_TOKEN");
        assert_eq!(violations(&catalogs(&operator, -1, "").await.unwrap_err()), ["page_size"]);
        let malformed = v1::GetCatalogRequest { catalog_key: "Zoo".to_owned() };
        assert_eq!(violations(&operator.catalogs().get_catalog(malformed).await.unwrap_err()), ["catalog_key"]);
    }

    async fn an_organization_can_grant_what_it_subscribes_to(server: TestServer) {
        let operator = server.operator().await;
        apply(&operator, &privacy(1, &["register.view", "register.edit"])).await.unwrap();
        let (mine, other) = (server.organization("Mine").await, server.organization("Other").await);
        let before = permissions(&mine, &mine.organization, "").await.unwrap().0;
        assert!(before.iter().all(|key| key.starts_with("test:")));

        subscribe(&mine, "privacy").await.unwrap();
        let (first, token) = permissions(&mine, &mine.organization, "").await.unwrap();
        let (second, end) = permissions(&mine, &mine.organization, &token).await.unwrap();
        assert_eq!(first[..2], ["privacy:register.edit", "privacy:register.view"]);
        assert_eq!((first.len(), second.len(), end.as_str()), (4, 4, ""));
        assert!(first.iter().chain(&second).is_sorted());
        let of_another_caller = permissions(&operator, &mine.organization, &token).await.unwrap_err();
        assert_eq!(status_text(&of_another_caller), "INVALID_ARGUMENT INVALID_PAGE_TOKEN");
        let foreign = permissions(&mine, &other.organization, "").await.unwrap_err();
        assert_eq!(status_text(&foreign), "NOT_FOUND ORGANIZATION_NOT_FOUND");
    }
}
