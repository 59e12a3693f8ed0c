use tonic_types::StatusExt;
use varco_proto::v1;
use varco_testkit::{TestServer, on_every_database, status_text, violations};

use super::{apply, end_of_subscription, predefined, privacy, role_names, roles, subscribe, subscription, unsubscribe};

async fn with_privacy(server: &TestServer) {
    let mut catalog = privacy(1, &["register.view", "register.edit"]);
    catalog.predefined_roles = vec![
        predefined("viewer", "Viewer", &["register.view"]),
        predefined("editor", "Editor", &["register.view", "register.edit"]),
    ];
    apply(&server.operator().await, &catalog).await.unwrap();
}

on_every_database! {
    async fn a_subscription_brings_the_predefined_roles(server: TestServer) {
        with_privacy(&server).await;
        let mine = server.organization("Mine").await;
        let subscribed = subscribe(&mine, "privacy").await.unwrap();

        let mut ids: Vec<String> = roles(&mine).await.into_iter().map(|role| role.role_id).collect();
        ids.reverse();
        assert_eq!(ids, subscribed.role_ids);
        let viewer = mine.role(&subscribed.role_ids[0]).await;
        assert_eq!((viewer.name.as_str(), viewer.description.as_str()), ("Viewer", "For a viewer."));
        assert_eq!((viewer.predefined_key.as_str(), viewer.permission_count), ("privacy:viewer", 1));
        let user = mine.create_user("ana").await;
        mine.grant(&user, &mine.root_unit, &[&viewer.role_id]).await;
        assert!(mine.may(&user, "privacy:register.view", &mine.root_unit).await);
        let request = v1::GetOrganizationRequest { organization_id: mine.organization.clone() };
        let organization = mine.organizations().get_organization(request).await.unwrap().into_inner().organization;
        assert_eq!(organization.unwrap().catalog_keys, ["privacy", "test"]);
    }

    async fn validate_only_neither_subscribes_nor_unsubscribes(server: TestServer) {
        with_privacy(&server).await;
        let mine = server.organization("Mine").await;
        let before = mine.event_count().await;
        let request = v1::SubscribeRequest { validate_only: true, ..subscription(&mine, "privacy") };
        let answer = mine.catalogs().subscribe(request.clone()).await.unwrap().into_inner();
        assert_eq!(answer.role_ids.len(), 2);
        assert_eq!((role_names(&mine).await, mine.event_count().await), (Vec::new(), before));

        let subscribed = subscribe(&mine, "privacy").await.unwrap();
        let refused = mine.catalogs().subscribe(request).await.unwrap_err();
        assert_eq!(status_text(&refused), "ALREADY_EXISTS ALREADY_SUBSCRIBED");
        let before = mine.event_count().await;
        let request = v1::UnsubscribeRequest { validate_only: true, ..end_of_subscription(&mine, "privacy") };
        let answer = mine.catalogs().unsubscribe(request.clone()).await.unwrap().into_inner();
        assert_eq!(answer.revision, subscribed.revision);
        assert_eq!((role_names(&mine).await.len(), mine.event_count().await), (2, before));

        unsubscribe(&mine, "privacy").await.unwrap();
        let refused = mine.catalogs().unsubscribe(request).await.unwrap_err();
        assert_eq!(status_text(&refused), "FAILED_PRECONDITION NOT_SUBSCRIBED");
    }

    async fn a_predefined_role_whose_name_is_taken_gets_the_key_of_its_catalog(server: TestServer) {
        with_privacy(&server).await;
        let mine = server.organization("Mine").await;
        for taken in ["VIEWER", "editor", "Editor (Privacy)"] {
            mine.create_role(taken, &[]).await;
        }
        subscribe(&mine, "privacy").await.unwrap();

        let expected = ["Editor (Privacy)", "Editor (privacy 2)", "VIEWER", "Viewer (privacy)", "editor"];
        assert_eq!(role_names(&mine).await, expected);
    }

    async fn a_subscription_is_refused_twice_and_to_what_is_not_there(server: TestServer) {
        with_privacy(&server).await;
        let (mine, other) = (server.organization("Mine").await, server.organization("Other").await);
        subscribe(&mine, "privacy").await.unwrap();

        let again = subscribe(&mine, "privacy").await.unwrap_err();
        assert_eq!(status_text(&again), "ALREADY_EXISTS ALREADY_SUBSCRIBED");
        let absent = subscribe(&mine, "nothing").await.unwrap_err();
        assert_eq!(status_text(&absent), "NOT_FOUND CATALOG_NOT_FOUND");
        assert_eq!(violations(&subscribe(&mine, "A:B").await.unwrap_err()), ["catalog_key"]);
        let foreign = mine.catalogs().subscribe(subscription(&other, "privacy")).await.unwrap_err();
        assert_eq!(status_text(&foreign), "NOT_FOUND ORGANIZATION_NOT_FOUND");
        assert_eq!(role_names(&mine).await.len(), 2);
    }

    async fn an_end_of_a_subscription_takes_the_predefined_roles_that_nobody_holds(server: TestServer) {
        with_privacy(&server).await;
        let mine = server.organization("Mine").await;
        mine.create_role("Mixed", &["test:things.view"]).await;
        subscribe(&mine, "privacy").await.unwrap();
        unsubscribe(&mine, "privacy").await.unwrap();

        assert_eq!(role_names(&mine).await, ["Mixed"]);
        let refused = unsubscribe(&mine, "privacy").await.unwrap_err();
        assert_eq!(status_text(&refused), "FAILED_PRECONDITION NOT_SUBSCRIBED");
        assert_eq!(status_text(&unsubscribe(&mine, "nothing").await.unwrap_err()), "NOT_FOUND CATALOG_NOT_FOUND");
        assert_eq!(subscribe(&mine, "privacy").await.unwrap().role_ids.len(), 2);
    }

    async fn a_subscription_does_not_end_while_a_role_grants_something_of_it(server: TestServer) {
        with_privacy(&server).await;
        let mine = server.organization("Mine").await;
        let editor = subscribe(&mine, "privacy").await.unwrap().role_ids.remove(1);
        let user = mine.create_user("ana").await;
        mine.grant(&user, &mine.root_unit, &[&editor]).await;
        let before = mine.event_count().await;
        let held = unsubscribe(&mine, "privacy").await.unwrap_err();
        assert_eq!(status_text(&held), "FAILED_PRECONDITION PERMISSION_IN_USE");
        assert_eq!(held.get_details_error_info().unwrap().metadata["permissions"], "privacy:register.edit,privacy:register.view");
        assert_eq!((role_names(&mine).await.len(), mine.event_count().await), (2, before));

        mine.revoke(&user, &mine.root_unit, &[&editor]).await;
        mine.create_role("Custom", &["privacy:register.view"]).await;
        let custom = unsubscribe(&mine, "privacy").await.unwrap_err();
        assert_eq!(status_text(&custom), "FAILED_PRECONDITION PERMISSION_IN_USE");
    }
}
