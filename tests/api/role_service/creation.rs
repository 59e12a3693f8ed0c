use tonic::Status;
use varco_proto::v1;
use varco_testkit::{OrganizationActor, TestServer, on_every_database, status_text, violations};

use super::{ABSENT, texts};

const REQUEST_ID: &str = "0192f0c1-2345-7abc-8def-0123456789ab";

/// A role with a permission.
fn editor(actor: &OrganizationActor) -> v1::CreateRoleRequest {
    v1::CreateRoleRequest {
        organization_id: actor.organization.clone(),
        name: "Editor".to_owned(),
        description: "Edits.\nAll day.".to_owned(),
        permissions: texts(&["test:things.view", "test:things.edit", "test:things.view"]),
        ..Default::default()
    }
}

async fn create(actor: &OrganizationActor, request: v1::CreateRoleRequest) -> Result<v1::CreateRoleResponse, Status> {
    Ok(actor.roles().create_role(request).await?.into_inner())
}

async fn copy(
    actor: &OrganizationActor,
    role: &str,
    name: &str,
    request_id: &str,
) -> Result<v1::CopyRoleResponse, Status> {
    let request = v1::CopyRoleRequest {
        organization_id: actor.organization.clone(),
        role_id: role.to_owned(),
        name: name.to_owned(),
        validate_only: false,
        request_id: request_id.to_owned(),
    };
    Ok(actor.roles().copy_role(request).await?.into_inner())
}

on_every_database! {
    async fn a_new_role_is_custom_and_nobody_holds_it(server: TestServer) {
        let mine = server.organization("Mine").await;
        let created = create(&mine, editor(&mine)).await.unwrap();
        let role = created.role.unwrap();

        assert_eq!(mine.role(&role.role_id).await, role);
        assert_eq!(role.permissions, ["test:things.edit", "test:things.view"]);
        assert_eq!((role.permission_count, role.holder_count), (2, 0));
        assert_eq!((role.origin(), role.predefined_key.as_str()), (v1::RoleOrigin::Custom, ""));
        assert_eq!(role.description, "Edits.\nAll day.");
        let told = mine.events_so_far().await.remove(0);
        assert_eq!((told.r#type.as_str(), told.revision), ("role.created", created.revision));
        assert_eq!(told.subject_ids["role"], role.role_id);
    }

    async fn a_creation_is_refused_for_a_taken_name_and_for_every_unknown_permission(server: TestServer) {
        let mine = server.organization("Mine").await;
        mine.create_role("EDITOR", &[]).await;
        let taken = create(&mine, editor(&mine)).await.unwrap_err();
        assert_eq!(status_text(&taken), "ALREADY_EXISTS ROLE_NAME_TAKEN");

        let mut request = editor(&mine);
        request.permissions = texts(&["test:things.burn", "test:things.view", "other:things.view"]);
        let unknown = create(&mine, request).await.unwrap_err();
        assert_eq!(status_text(&unknown), "INVALID_ARGUMENT UNKNOWN_PERMISSION");
        assert_eq!(violations(&unknown), ["permissions[0]", "permissions[2]"]);
    }

    async fn a_creation_names_every_bad_field(server: TestServer) {
        let mine = server.organization("Mine").await;
        let request = v1::CreateRoleRequest {
            organization_id: mine.organization.clone(),
            name: String::new(),
            description: "\u{0}".to_owned(),
            permissions: texts(&["test:things.view", "things", "test:"]),
            validate_only: false,
            request_id: "again".to_owned(),
        };
        let refused = create(&mine, request).await.unwrap_err();
        let expected = ["name", "description", "permissions[1]", "permissions[2]", "request_id"];
        assert_eq!(violations(&refused), expected);

        let too_many = v1::CreateRoleRequest { permissions: vec!["test:things.view".into(); 5_001], ..editor(&mine) };
        assert_eq!(violations(&create(&mine, too_many).await.unwrap_err()), ["permissions"]);
    }

    async fn validate_only_creates_nothing(server: TestServer) {
        let mine = server.organization("Mine").await;
        let before = mine.event_count().await;
        let request = v1::CreateRoleRequest { validate_only: true, request_id: REQUEST_ID.into(), ..editor(&mine) };
        let answer = create(&mine, request).await.unwrap();
        assert_eq!(answer.role.unwrap().name, "Editor");
        assert_eq!(mine.event_count().await, before);

        // Neither the name nor the request id is taken by it.
        create(&mine, v1::CreateRoleRequest { request_id: REQUEST_ID.into(), ..editor(&mine) }).await.unwrap();
        let request = v1::CreateRoleRequest { validate_only: true, ..editor(&mine) };
        assert_eq!(status_text(&create(&mine, request).await.unwrap_err()), "ALREADY_EXISTS ROLE_NAME_TAKEN");
    }

    async fn a_repeated_creation_gives_the_first_answer(server: TestServer) {
        let mine = server.organization("Mine").await;
        let request = v1::CreateRoleRequest { request_id: REQUEST_ID.to_owned(), ..editor(&mine) };
        let (first, same) = tokio::join!(create(&mine, request.clone()), create(&mine, request.clone()));
        let first = first.unwrap();
        assert_eq!(same.unwrap(), first);
        assert_eq!(create(&mine, request.clone()).await.unwrap(), first);

        let other = v1::CreateRoleRequest { name: "Other".to_owned(), ..request };
        let refused = create(&mine, other).await.unwrap_err();
        assert_eq!(status_text(&refused), "INVALID_ARGUMENT REQUEST_ID_REUSED");
    }

    async fn a_copy_grants_the_same_and_is_held_by_nobody(server: TestServer) {
        let mine = server.organization("Mine").await;
        let original = create(&mine, editor(&mine)).await.unwrap().role.unwrap();
        let user = mine.create_user("ana").await;
        mine.grant(&user, &mine.root_unit, &[&original.role_id]).await;
        let copied = copy(&mine, &original.role_id, "Copy", REQUEST_ID).await.unwrap();
        let role = copied.role.clone().unwrap();

        assert_eq!((role.permissions.clone(), role.description.clone()), (original.permissions, original.description));
        assert_eq!((role.name.as_str(), role.holder_count, role.origin()), ("Copy", 0, v1::RoleOrigin::Custom));
        assert_eq!(mine.role(&role.role_id).await, role);
        assert_eq!(copy(&mine, &original.role_id, "Copy", REQUEST_ID).await.unwrap(), copied);
    }

    async fn a_copy_is_refused_for_a_taken_name_and_of_an_absent_role(server: TestServer) {
        let mine = server.organization("Mine").await;
        let id = mine.create_role("Editor", &[]).await;
        let taken = copy(&mine, &id, "editor", "").await.unwrap_err();
        assert_eq!(status_text(&taken), "ALREADY_EXISTS ROLE_NAME_TAKEN");
        let absent = copy(&mine, ABSENT, "Copy", "").await.unwrap_err();
        assert_eq!(status_text(&absent), "NOT_FOUND ROLE_NOT_FOUND");
        let malformed = copy(&mine, "", " ", "x").await.unwrap_err();
        assert_eq!(violations(&malformed), ["role_id", "name", "request_id"]);
    }
}
