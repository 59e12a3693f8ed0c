use tonic::Status;
use varco_proto::v1;
use varco_testkit::{OrganizationActor, TestServer, on_every_database, status_text, violations};

use super::{ABSENT, texts};

const VIEW: &str = "test:things.view";
const EDIT: &str = "test:things.edit";
const DELETE: &str = "test:things.delete";

async fn add(
    actor: &OrganizationActor,
    role: &str,
    permissions: &[&str],
    validate_only: bool,
) -> Result<(v1::Role, u64), Status> {
    let (organization_id, role_id) = (actor.organization.clone(), role.to_owned());
    let request =
        v1::AddPermissionsRequest { organization_id, role_id, permissions: texts(permissions), validate_only };
    let added = actor.roles().add_permissions(request).await?.into_inner();
    Ok((added.role.unwrap(), added.revision))
}

async fn remove(
    actor: &OrganizationActor,
    role: &str,
    permissions: &[&str],
    validate_only: bool,
) -> Result<(v1::Role, u64), Status> {
    let (organization_id, role_id) = (actor.organization.clone(), role.to_owned());
    let request =
        v1::RemovePermissionsRequest { organization_id, role_id, permissions: texts(permissions), validate_only };
    let removed = actor.roles().remove_permissions(request).await?.into_inner();
    Ok((removed.role.unwrap(), removed.revision))
}

async fn set(
    actor: &OrganizationActor,
    role: &v1::Role,
    permissions: &[&str],
    validate_only: bool,
) -> Result<(v1::Role, u64), Status> {
    let request = v1::SetPermissionsRequest {
        organization_id: actor.organization.clone(),
        role_id: role.role_id.clone(),
        permissions: texts(permissions),
        etag: role.etag.clone(),
        validate_only,
    };
    let set = actor.roles().set_permissions(request).await?.into_inner();
    Ok((set.role.unwrap(), set.revision))
}

on_every_database! {
    async fn an_added_permission_reaches_every_holder_and_adding_it_again_changes_nothing(server: TestServer) {
        let mine = server.organization("Mine").await;
        let id = mine.create_role("Editor", &[VIEW]).await;
        let user = mine.create_user("ana").await;
        mine.grant(&user, &mine.root_unit, &[&id]).await;
        let (previewed, _) = add(&mine, &id, &[EDIT], true).await.unwrap();
        assert_eq!(previewed.permissions, [EDIT, VIEW]);
        assert!(!mine.may(&user, EDIT, &mine.root_unit).await);

        let (role, revision) = add(&mine, &id, &[VIEW, EDIT], false).await.unwrap();
        assert!(mine.may(&user, EDIT, &mine.root_unit).await);
        assert_eq!((role.permissions.as_slice(), role.holder_count), ([EDIT, VIEW].map(str::to_owned).as_slice(), 1));
        assert_eq!(mine.events_so_far().await[0].r#type, "role.permissions_changed");
        assert_eq!(add(&mine, &id, &[EDIT], false).await.unwrap(), (role, revision));
    }

    async fn permissions_that_several_add_and_remove_at_the_same_time_all_count(server: TestServer) {
        let mine = server.organization("Mine").await;
        for round in 0..8 {
            let id = mine.create_role(&format!("Editor {round}"), &[DELETE]).await;
            let (one, two, three) = tokio::join!(
                add(&mine, &id, &[VIEW], false),
                add(&mine, &id, &[EDIT, "test:reports.view"], false),
                remove(&mine, &id, &[DELETE], false),
            );
            let mut revisions = [one.unwrap().1, two.unwrap().1, three.unwrap().1];
            revisions.sort_unstable();

            assert_eq!(mine.role(&id).await.permissions, ["test:reports.view", EDIT, VIEW]);
            assert!(revisions[0] < revisions[1] && revisions[1] < revisions[2]);
        }
    }

    async fn a_removed_permission_is_lost_by_every_holder(server: TestServer) {
        let mine = server.organization("Mine").await;
        let id = mine.create_role("Editor", &[VIEW, EDIT]).await;
        let user = mine.create_user("ana").await;
        mine.grant(&user, &mine.root_unit, &[&id]).await;
        let (previewed, _) = remove(&mine, &id, &[EDIT], true).await.unwrap();
        assert_eq!(previewed.permissions, [VIEW]);
        assert!(mine.may(&user, EDIT, &mine.root_unit).await);

        // What it does not grant, or nobody can, is no error.
        let (role, revision) = remove(&mine, &id, &[EDIT, DELETE, "other:a.b"], false).await.unwrap();
        assert!(!mine.may(&user, EDIT, &mine.root_unit).await && mine.may(&user, VIEW, &mine.root_unit).await);
        assert_eq!(remove(&mine, &id, &[EDIT], false).await.unwrap(), (role, revision));
    }

    async fn setting_permissions_replaces_them_all_and_demands_the_etag(server: TestServer) {
        let mine = server.organization("Mine").await;
        let id = mine.create_role("Editor", &[VIEW, EDIT]).await;
        let before = mine.role(&id).await;
        let (previewed, _) = set(&mine, &before, &[], true).await.unwrap();
        assert_eq!((previewed.permission_count, mine.role(&id).await.permission_count), (0, 2));

        let (role, revision) = set(&mine, &before, &[DELETE, VIEW], false).await.unwrap();
        assert_eq!(role.permissions, [DELETE, VIEW]);
        assert_eq!(set(&mine, &role, &[VIEW, DELETE], false).await.unwrap(), (role.clone(), revision));
        let stale = set(&mine, &before, &[EDIT], false).await.unwrap_err();
        assert_eq!(status_text(&stale), "ABORTED ETAG_MISMATCH");
        assert_eq!(mine.role(&id).await, role);
    }

    async fn an_unknown_permission_is_refused_and_named(server: TestServer) {
        let mine = server.organization("Mine").await;
        let id = mine.create_role("Editor", &[VIEW]).await;
        let role = mine.role(&id).await;
        let added = add(&mine, &id, &[EDIT, "other:a.b"], false).await.unwrap_err();
        let set = set(&mine, &role, &[EDIT, "test:a.b"], false).await.unwrap_err();
        for refused in [added, set] {
            assert_eq!(status_text(&refused), "INVALID_ARGUMENT UNKNOWN_PERMISSION");
            assert_eq!(violations(&refused), ["permissions[1]"]);
        }
        assert_eq!(mine.role(&id).await, role);
    }

    async fn thousands_of_unknown_permissions_still_give_the_reason(server: TestServer) {
        let mine = server.organization("Mine").await;
        let id = mine.create_role("Editor", &[]).await;
        let unknown: Vec<String> = (0..5_000).map(|number| format!("other:{number}.view")).collect();
        let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
        let refused = add(&mine, &id, &unknown, false).await.unwrap_err();

        assert_eq!(status_text(&refused), "INVALID_ARGUMENT UNKNOWN_PERMISSION");
        assert_eq!(violations(&refused)[0], "permissions[0]");
    }

    async fn edits_name_every_bad_field_and_refuse_an_absent_role(server: TestServer) {
        let mine = server.organization("Mine").await;
        let nothing = v1::Role { role_id: "x".to_owned(), etag: "x".to_owned(), ..Default::default() };
        assert_eq!(violations(&add(&mine, "x", &[], false).await.unwrap_err()), ["role_id", "permissions"]);
        assert_eq!(violations(&remove(&mine, "x", &["-"], false).await.unwrap_err()), ["role_id", "permissions[0]"]);
        let refused = set(&mine, &nothing, &["-"], false).await.unwrap_err();
        assert_eq!(violations(&refused), ["role_id", "permissions[0]", "etag"]);

        let absent = v1::Role { role_id: ABSENT.to_owned(), etag: "1".to_owned(), ..Default::default() };
        let added = add(&mine, ABSENT, &[VIEW], false).await.unwrap_err();
        let removed = remove(&mine, ABSENT, &[VIEW], false).await.unwrap_err();
        let set = set(&mine, &absent, &[VIEW], false).await.unwrap_err();
        for refused in [added, removed, set] {
            assert_eq!(status_text(&refused), "NOT_FOUND ROLE_NOT_FOUND");
        }
    }
}
