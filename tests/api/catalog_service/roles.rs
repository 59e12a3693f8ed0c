use varco_proto::v1;
use varco_testkit::{TestServer, on_every_database};

use super::{apply, predefined, privacy, role_names, roles, subscribe};

on_every_database! {
    async fn a_new_predefined_role_reaches_every_subscriber_and_the_others_stay(server: TestServer) {
        let operator = server.operator().await;
        let mut catalog = privacy(1, &["register.view", "register.edit"]);
        catalog.predefined_roles = vec![predefined("viewer", "Viewer", &["register.view"])];
        apply(&operator, &catalog).await.unwrap();
        let (one, two) = (server.organization("One").await, server.organization("Two").await);
        let stranger = server.organization("Stranger").await;
        for actor in [&one, &two] {
            subscribe(actor, "privacy").await.unwrap();
        }
        two.create_role("Editor", &[]).await;
        let mut renamed = roles(&one).await.remove(0);
        renamed.name = "Reader".to_owned();
        let request = v1::UpdateRoleRequest {
            organization_id: one.organization.clone(),
            role: Some(renamed),
            update_mask: Some(prost_types::FieldMask { paths: vec!["name".to_owned()] }),
        };
        one.roles().update_role(request).await.unwrap();

        catalog.version = 2;
        catalog.predefined_roles[0].name = "Onlooker".to_owned();
        catalog.predefined_roles.push(predefined("editor", "Editor", &["register.edit"]));
        let applied = apply(&operator, &catalog).await.unwrap();

        assert_eq!(role_names(&one).await, ["Editor", "Reader"]);
        assert_eq!(role_names(&two).await, ["Editor", "Editor (privacy)", "Viewer"]);
        assert_eq!(role_names(&stranger).await, Vec::<String>::new());
        let created = roles(&one).await.remove(0);
        assert_eq!((created.predefined_key.as_str(), created.origin()), ("privacy:editor", v1::RoleOrigin::Predefined));
        assert_eq!(created.permissions, ["privacy:register.edit"]);
        let told = one.events_so_far().await.remove(0);
        assert_eq!((told.r#type.as_str(), told.revision), ("role.created", applied.revision));
    }

    async fn a_predefined_role_that_was_deleted_stays_deleted(server: TestServer) {
        let operator = server.operator().await;
        let mut catalog = privacy(1, &["register.view"]);
        catalog.predefined_roles = vec![predefined("viewer", "Viewer", &["register.view"])];
        apply(&operator, &catalog).await.unwrap();
        let mine = server.organization("Mine").await;
        let role_id = subscribe(&mine, "privacy").await.unwrap().role_ids.remove(0);
        let request =
            v1::DeleteRoleRequest { organization_id: mine.organization.clone(), role_id, ..Default::default() };
        mine.roles().delete_role(request).await.unwrap();
        catalog.version = 2;
        apply(&operator, &catalog).await.unwrap();

        assert_eq!(role_names(&mine).await, Vec::<String>::new());
    }
}
