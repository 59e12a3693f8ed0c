use tonic::Status;
use tonic_types::StatusExt;
use varco_proto::v1;
use varco_testkit::{OrganizationActor, TestServer, on_every_database, status_text, violations};

use super::ABSENT;

const VIEW: &str = "test:things.view";
const EDIT: &str = "test:things.edit";

async fn delete(
    actor: &OrganizationActor,
    role: &str,
    force: bool,
    validate_only: bool,
) -> Result<v1::DeleteRoleResponse, Status> {
    let (organization_id, role_id) = (actor.organization.clone(), role.to_owned());
    let request = v1::DeleteRoleRequest { organization_id, role_id, force, validate_only };
    Ok(actor.roles().delete_role(request).await?.into_inner())
}

on_every_database! {
    async fn a_role_that_nobody_holds_is_deleted(server: TestServer) {
        let mine = server.organization("Mine").await;
        let id = mine.create_role("Editor", &[VIEW]).await;
        let deleted = delete(&mine, &id, false, false).await.unwrap();

        assert_eq!(deleted.revoked_entries, 0);
        let again = delete(&mine, &id, true, false).await.unwrap_err();
        assert_eq!(status_text(&again), "NOT_FOUND ROLE_NOT_FOUND");
        assert_eq!(mine.events_so_far().await[0].r#type, "role.deleted");
        mine.create_role("editor", &[]).await;
    }

    async fn a_held_role_is_deleted_with_force_alone(server: TestServer) {
        let mine = server.organization("Mine").await;
        let id = mine.create_role("Editor", &[EDIT]).await;
        let other = mine.create_role("Viewer", &[VIEW]).await;
        let unit = mine.create_unit(&mine.root_unit, "Below").await;
        let (ana, ben) = (mine.create_user("ana").await, mine.create_user("ben").await);
        mine.grant(&ana, &mine.root_unit, &[&id, &other]).await;
        mine.grant(&ana, &unit, &[&id]).await;
        mine.grant(&ben, &unit, &[&id]).await;
        let refused = delete(&mine, &id, false, false).await.unwrap_err();
        assert_eq!(status_text(&refused), "FAILED_PRECONDITION ROLE_IN_USE");
        assert_eq!(refused.get_details_error_info().unwrap().metadata["holder_count"], "2");

        let before = mine.event_count().await;
        assert_eq!(delete(&mine, &id, true, true).await.unwrap().revoked_entries, 3);
        assert_eq!(mine.event_count().await, before);
        assert!(mine.may(&ben, EDIT, &unit).await);

        let deleted = delete(&mine, &id, true, false).await.unwrap();
        assert_eq!(deleted.revoked_entries, 3);
        assert!(!mine.may(&ana, EDIT, &mine.root_unit).await && mine.may(&ana, VIEW, &mine.root_unit).await);
        assert!(!mine.may(&ben, EDIT, &unit).await);
        let events = mine.events_so_far().await;
        let told: Vec<&str> = events[..events.len() - before].iter().map(|event| event.r#type.as_str()).collect();
        assert_eq!(told, ["role.deleted", "assignment.revoked", "assignment.revoked", "assignment.revoked"]);
        assert!(events[..4].iter().all(|event| event.revision == deleted.revision));
    }

    async fn a_deletion_gives_nobody_what_was_kept_away_by_the_role(server: TestServer) {
        let mine = server.organization("Mine").await;
        let (above, id) = (mine.create_role("Above", &[EDIT]).await, mine.create_role("Below", &[VIEW]).await);
        let unit = mine.create_unit(&mine.root_unit, "Below").await;
        let user = mine.create_user("ana").await;
        mine.grant(&user, &unit, &[&id]).await;
        mine.grant(&user, &mine.root_unit, &[&above]).await;
        mine.enable_inheritance(&user, &mine.root_unit, v1::InheritanceMode::Keep).await;
        assert!(!mine.may(&user, EDIT, &unit).await);
        delete(&mine, &id, true, false).await.unwrap();

        assert!(mine.may(&user, EDIT, &mine.root_unit).await);
        assert!(!mine.may(&user, EDIT, &unit).await && !mine.may(&user, VIEW, &unit).await);
    }

    async fn a_deletion_names_every_bad_field(server: TestServer) {
        let mine = server.organization("Mine").await;
        assert_eq!(violations(&delete(&mine, "", false, false).await.unwrap_err()), ["role_id"]);
        let absent = delete(&mine, ABSENT, false, false).await.unwrap_err();
        assert_eq!(status_text(&absent), "NOT_FOUND ROLE_NOT_FOUND");
    }
}
