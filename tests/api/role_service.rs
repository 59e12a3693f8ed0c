//! `varco.v1.RoleService`.

mod creation;
mod deletion;
mod limits;
mod lists;
mod permissions;

use prost_types::FieldMask;
use tonic::Status;
use varco_proto::v1;
use varco_testkit::{OrganizationActor, TestServer, on_every_database, status_text, violations};

/// The identifier of nothing.
const ABSENT: &str = "role_01kagbbbbbfbbvbbbbbbbbbbbb";

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

async fn update(actor: &OrganizationActor, role: &v1::Role, paths: &[&str]) -> Result<v1::UpdateRoleResponse, Status> {
    let request = v1::UpdateRoleRequest {
        organization_id: actor.organization.clone(),
        role: Some(role.clone()),
        update_mask: Some(FieldMask { paths: texts(paths) }),
    };
    Ok(actor.roles().update_role(request).await?.into_inner())
}

on_every_database! {
    async fn an_update_changes_what_its_mask_names_and_nothing_else(server: TestServer) {
        let mine = server.organization("Mine").await;
        let id = mine.create_role("Before", &["test:things.view"]).await;
        let before = mine.role(&id).await;
        let mut new = before.clone();
        (new.name, new.description, new.permissions) = ("After".to_owned(), "New.".to_owned(), Vec::new());
        let updated = update(&mine, &new, &["name"]).await.unwrap();
        let role = updated.role.unwrap();

        assert_eq!(role, v1::Role { name: "After".to_owned(), etag: role.etag.clone(), ..before.clone() });
        assert_ne!(role.etag, before.etag);
        assert_eq!(mine.role(&id).await, role);
        assert_eq!(mine.events_so_far().await[0].r#type, "role.updated");
        let again = update(&mine, &role, &["name", "description"]).await.unwrap();
        assert_eq!((again.role.unwrap(), again.revision), (role, updated.revision));
    }

    async fn an_update_is_refused_for_a_stale_etag_and_for_a_taken_name(server: TestServer) {
        let (mine, other) = (server.organization("Mine").await, server.organization("Other").await);
        let id = mine.create_role("Editor", &[]).await;
        mine.create_role("Taken", &[]).await;
        other.create_role("Free here", &[]).await;
        let stale = mine.role(&id).await;
        update(&mine, &v1::Role { name: "Free here".to_owned(), ..stale.clone() }, &["name"]).await.unwrap();
        let refused = update(&mine, &stale, &["name"]).await.unwrap_err();
        assert_eq!(status_text(&refused), "ABORTED ETAG_MISMATCH");

        let current = mine.role(&id).await;
        let taken = v1::Role { name: "taken".to_owned(), ..current.clone() };
        let refused = update(&mine, &taken, &["name"]).await.unwrap_err();
        assert_eq!(status_text(&refused), "ALREADY_EXISTS ROLE_NAME_TAKEN");
        assert_eq!(mine.role(&id).await, current);
        let absent = v1::Role { role_id: ABSENT.to_owned(), ..current };
        let refused = update(&mine, &absent, &["name"]).await.unwrap_err();
        assert_eq!(status_text(&refused), "NOT_FOUND ROLE_NOT_FOUND");
    }

    async fn an_update_names_every_bad_field(server: TestServer) {
        let mine = server.organization("Mine").await;
        let role = v1::Role { description: "d".repeat(1001), ..Default::default() };
        let refused = update(&mine, &role, &["name", "description", "permissions"]).await.unwrap_err();
        let mut fields = violations(&refused);
        fields.sort_unstable();

        assert_eq!(fields, ["role.description", "role.etag", "role.name", "role.role_id", "update_mask"]);
        let refused = update(&mine, &role, &[]).await.unwrap_err();
        assert!(violations(&refused).contains(&"update_mask".to_owned()));
    }
}
