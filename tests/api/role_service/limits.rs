//! The largest roles and catalogs, and the events of them.

use tonic::Status;
use varco_proto::v1;
use varco_testkit::{OrganizationActor, TestServer, on_every_database, status_text, violations};

use crate::calls::ask;

/// How many permissions a role and a catalog may have.
const MOST: usize = 5_000;

/// As many keys as a catalog may have, of the greatest length. `letter` tells them from others.
fn largest(catalog: &str, letter: char) -> Vec<String> {
    let key = |number: usize| {
        let key = format!("{catalog}:{number}.");
        format!("{key}{}", letter.to_string().repeat(200 - key.len()))
    };
    (0..MOST).map(key).collect()
}

async fn apply(server: &TestServer, catalog: &str, version: u32, keys: &[String]) {
    let permission = |key: &String| v1::CatalogPermission { key: key.clone(), description: String::new() };
    let role = |number: usize| v1::PredefinedRole {
        key: format!("{}{number:04}", "k".repeat(60)),
        name: format!("Role {number}"),
        ..Default::default()
    };
    let catalog = v1::Catalog {
        catalog_key: catalog.to_owned(),
        display_name: "Large".to_owned(),
        version,
        permissions: keys.iter().map(permission).collect(),
        predefined_roles: (0..1_000).map(role).collect(),
        ..Default::default()
    };
    let request = v1::ApplyCatalogRequest { catalog: Some(catalog), validate_only: false };
    ask!(server.operator().await.catalogs().apply_catalog(request)).unwrap();
}

async fn set(actor: &OrganizationActor, role: &str, permissions: &[String]) -> Result<u64, Status> {
    let request = v1::SetPermissionsRequest {
        organization_id: actor.organization.clone(),
        role_id: role.to_owned(),
        permissions: permissions.to_vec(),
        etag: actor.role(role).await.etag,
        validate_only: false,
    };
    ask!(actor.roles().set_permissions(request)).map(|response| response.revision)
}

async fn grow(actor: &OrganizationActor, role: &str, permissions: &[String]) -> Result<(), Status> {
    let request = v1::AddPermissionsRequest {
        organization_id: actor.organization.clone(),
        role_id: role.to_owned(),
        permissions: permissions.to_vec(),
        validate_only: false,
    };
    ask!(actor.roles().add_permissions(request)).map(drop)
}

on_every_database! {
    async fn a_role_has_a_most_of_permissions_and_events_of_it_are_read_in_pages(server: TestServer) {
        let mine = server.organization("Mine").await;
        let (left, right) = (largest("left", 'l'), largest("right", 'r'));
        for (catalog_key, keys) in [("left", &left), ("right", &right)] {
            apply(&server, catalog_key, 1, keys).await;
            let (organization_id, catalog_key) = (mine.organization.clone(), catalog_key.to_owned());
            let request = v1::SubscribeRequest { organization_id, catalog_key, validate_only: false };
            ask!(mine.catalogs().subscribe(request)).unwrap();
        }
        let role = mine.create_role("Largest", &[]).await;
        set(&mine, &role, &left).await.unwrap();
        grow(&mine, &role, &left[..1]).await.unwrap();
        let refused = grow(&mine, &role, &right[..1]).await.unwrap_err();
        assert_eq!((status_text(&refused).as_str(), violations(&refused)), ("INVALID_ARGUMENT INVALID_FIELDS", vec!["permissions".to_owned()]));

        set(&mine, &role, &right).await.unwrap();
        let last = set(&mine, &role, &left).await.unwrap();
        // Three changes, of which one response holds one.
        let request = v1::ListEventsRequest {
            organization_id: mine.organization.clone(),
            types: vec!["role.permissions_changed".to_owned()],
            page_size: 10,
            ..Default::default()
        };
        let first = ask!(mine.events().list_events(request)).unwrap();
        assert_eq!((first.events.len(), first.next_page_token.is_empty()), (1, false));
        let all = mine.events_so_far().await;
        let changes = all.iter().filter(|event| event.r#type == "role.permissions_changed");
        assert_eq!((changes.count(), all[0].revision), (3, last));
    }

    async fn the_largest_replacement_of_a_catalog_is_an_event_that_can_be_read(server: TestServer) {
        apply(&server, "large", 1, &largest("large", 'a')).await;
        apply(&server, "large", 2, &largest("large", 'b')).await;
        let request = v1::ListEventsRequest { types: vec!["catalog.applied".to_owned()], ..Default::default() };
        let listed = ask!(server.operator().await.events().list_events(request)).unwrap();

        assert_eq!((listed.events.len(), listed.events[0].r#type.as_str()), (1, "catalog.applied"));
        assert!(listed.events[0].before.is_some() && listed.events[0].after.is_some());
    }
}
