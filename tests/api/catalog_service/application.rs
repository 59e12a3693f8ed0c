use tonic_types::StatusExt;
use varco_proto::v1;
use varco_testkit::{TestServer, on_every_database, status_text, violations};

use super::{apply, find, predefined, privacy, subscribe};

on_every_database! {
    async fn an_applied_catalog_is_what_was_given_and_the_same_again_changes_nothing(server: TestServer) {
        let operator = server.operator().await;
        let mut given = privacy(1, &["register.view", "register.edit"]);
        given.predefined_roles = vec![predefined("viewer", "Viewer", &["register.view"])];
        let applied = apply(&operator, &given).await.unwrap();
        let catalog = applied.catalog.unwrap();

        let mut expected = given.clone();
        expected.permissions.sort_by(|left, right| left.key.cmp(&right.key));
        expected.apply_time = catalog.apply_time;
        assert!(catalog.apply_time.is_some());
        assert_eq!(catalog, expected);
        assert_eq!(find(&operator, "privacy").await.unwrap(), catalog);

        let again = apply(&operator, &given).await.unwrap();
        assert_eq!((again.catalog.unwrap(), again.revision), (catalog, applied.revision));
    }

    async fn a_first_application_at_the_same_time_succeeds_for_all(server: TestServer) {
        let operator = server.operator().await;
        for key in ["aa", "bb", "cc", "dd", "ee"] {
            let mut catalog = privacy(1, &[]);
            catalog.catalog_key = key.to_owned();
            let (one, two, three) =
                tokio::join!(apply(&operator, &catalog), apply(&operator, &catalog), apply(&operator, &catalog));
            let one = one.unwrap();

            assert_eq!((two.unwrap().catalog, three.unwrap().catalog), (one.catalog.clone(), one.catalog));
        }
    }

    async fn validate_only_says_what_would_happen_and_changes_nothing(server: TestServer) {
        let operator = server.operator().await;
        let request =
            v1::ApplyCatalogRequest { catalog: Some(privacy(1, &["register.view"])), validate_only: true };
        let answer = operator.catalogs().apply_catalog(request).await.unwrap().into_inner();

        assert_eq!(answer.catalog.unwrap().permissions.len(), 1);
        let absent = find(&operator, "privacy").await.unwrap_err();
        assert_eq!(status_text(&absent), "NOT_FOUND CATALOG_NOT_FOUND");
    }

    async fn other_content_demands_a_later_version(server: TestServer) {
        let operator = server.operator().await;
        let applied = privacy(3, &["register.view"]);
        apply(&operator, &applied).await.unwrap();
        for version in [1, 2, 3] {
            let refused = apply(&operator, &privacy(version, &["register.view", "register.edit"])).await.unwrap_err();
            assert_eq!(status_text(&refused), "FAILED_PRECONDITION CATALOG_VERSION_NOT_NEWER");
        }
        assert_eq!(find(&operator, "privacy").await.unwrap().permissions, applied.permissions);

        let later = apply(&operator, &privacy(4, &["register.edit"])).await.unwrap().catalog.unwrap();
        assert_eq!((later.version, later.permissions[0].key.as_str()), (4, "privacy:register.edit"));
    }

    async fn a_permission_that_a_role_grants_stays(server: TestServer) {
        let operator = server.operator().await;
        apply(&operator, &privacy(1, &["register.view", "register.edit"])).await.unwrap();
        let mine = server.organization("Mine").await;
        subscribe(&mine, "privacy").await.unwrap();
        let role = mine.create_role("Editor", &["privacy:register.edit"]).await;
        let refused = apply(&operator, &privacy(2, &["register.view"])).await.unwrap_err();

        assert_eq!(status_text(&refused), "FAILED_PRECONDITION PERMISSION_IN_USE");
        assert_eq!(refused.get_details_error_info().unwrap().metadata["permissions"], "privacy:register.edit");
        assert_eq!(find(&operator, "privacy").await.unwrap().version, 1);

        let (organization_id, role_id) = (mine.organization.clone(), role);
        let request = v1::DeleteRoleRequest { organization_id, role_id, ..Default::default() };
        mine.roles().delete_role(request).await.unwrap();
        apply(&operator, &privacy(2, &["register.view"])).await.unwrap();
    }

    async fn a_catalog_names_every_bad_field(server: TestServer) {
        let mut given = privacy(0, &["register.view", "register", "register.view", "a..b"]);
        given.display_name = String::new();
        given.permissions[0].key = "other:register.view".to_owned();
        given.permissions[0].description = "d".repeat(1001);
        given.permissions.push(v1::CatalogPermission { key: "privacy:register.view".into(), ..Default::default() });
        given.predefined_roles = vec![
            predefined("viewer", "Viewer", &["register.view", "register.delete"]),
            predefined("viewer", "", &[]),
            predefined("9", "Nine", &["register.view"]),
        ];
        let refused = apply(&server.operator().await, &given).await.unwrap_err();
        let mut fields = violations(&refused);
        fields.sort_unstable();

        assert_eq!(status_text(&refused), "INVALID_ARGUMENT INVALID_FIELDS");
        let expected = [
            "catalog.display_name",
            "catalog.permissions[0].description",
            "catalog.permissions[0].key",
            "catalog.permissions[1].key",
            "catalog.permissions[3].key",
            "catalog.permissions[4].key",
            "catalog.predefined_roles[0].permissions[1]",
            "catalog.predefined_roles[1].key",
            "catalog.predefined_roles[1].name",
            "catalog.predefined_roles[2].key",
            "catalog.version",
        ];
        assert_eq!(fields, expected);
        let request = v1::ApplyCatalogRequest::default();
        let refused = server.operator().await.catalogs().apply_catalog(request).await.unwrap_err();
        assert_eq!(violations(&refused), ["catalog.catalog_key", "catalog.display_name", "catalog.version"]);
    }

    /// A status travels in headers, which have a limit.
    async fn thousands_of_bad_fields_are_counted_and_the_first_are_named(server: TestServer) {
        let paths: Vec<&str> = vec!["malformed"; 5_001];
        let refused = apply(&server.operator().await, &privacy(1, &paths)).await.unwrap_err();

        assert_eq!(status_text(&refused), "INVALID_ARGUMENT INVALID_FIELDS");
        let fields = violations(&refused);
        assert_eq!(fields[..2], ["catalog.permissions", "catalog.permissions[0].key"]);
        assert_eq!(refused.get_details_error_info().unwrap().metadata["field_problem_count"], "5002");
    }

    async fn a_permission_that_goes_and_a_role_that_comes_with_it_never_both_succeed(server: TestServer) {
        let operator = server.operator().await;
        let (with, without) = (["register.view", "register.edit"], ["register.view"]);
        apply(&operator, &privacy(1, &with)).await.unwrap();
        let mine = server.organization("Mine").await;
        subscribe(&mine, "privacy").await.unwrap();
        for round in 1..=8 {
            let request = v1::CreateRoleRequest {
                organization_id: mine.organization.clone(),
                name: "Editor".to_owned(),
                permissions: vec!["privacy:register.edit".to_owned()],
                ..Default::default()
            };
            let mut roles = mine.roles();
            let dropping = privacy(2 * round, &without);
            let (dropped, created) = tokio::join!(apply(&operator, &dropping), roles.create_role(request));

            match (dropped, created) {
                (Ok(_), Err(refused)) => assert_eq!(status_text(&refused), "INVALID_ARGUMENT UNKNOWN_PERMISSION"),
                (Err(refused), Ok(created)) => {
                    assert_eq!(status_text(&refused), "FAILED_PRECONDITION PERMISSION_IN_USE");
                    let role_id = created.into_inner().role.unwrap().role_id;
                    let organization_id = mine.organization.clone();
                    let request = v1::DeleteRoleRequest { organization_id, role_id, ..Default::default() };
                    mine.roles().delete_role(request).await.unwrap();
                }
                both => panic!("round {round}: {both:?}"),
            }
            apply(&operator, &privacy(2 * round + 1, &with)).await.unwrap();
        }
    }
}
