use varco_proto::v1;
use varco_testkit::{TestServer, on_every_database, status_text, violations};

use super::{ABSENT, create, create_named, find, list, seconds};

const REQUEST_ID: &str = "0192f0c1-2345-7abc-8def-0123456789ab";

on_every_database! {
    async fn a_new_organization_has_what_was_asked_for_and_a_root_unit(server: TestServer) {
        let operator = server.operator().await;
        let parent = create_named(&operator, "Parent", "").await.unwrap();
        let policies = v1::OrganizationPolicies {
            activation_link_ttl: seconds(3600),
            pin_required: true,
            max_password_age: seconds(24 * 3600),
            max_session_age: seconds(300),
        };
        let request = v1::CreateOrganizationRequest {
            name: "  Acme  ".to_owned(),
            app_display_name: "Portal".to_owned(),
            parent_organization_id: parent.organization_id.clone(),
            policies: Some(policies),
            root_unit_name: "Headquarters".to_owned(),
            request_id: String::new(),
        };
        let created = create(&operator, request).await.unwrap();

        assert_eq!(find(&operator, &created.organization_id).await.unwrap(), created);
        assert_eq!((created.name.as_str(), created.app_display_name.as_str()), ("Acme", "Portal"));
        assert_eq!((created.parent_organization_id, created.policies), (parent.organization_id, Some(policies)));
        let (organization_id, unit_id) = (created.organization_id, created.root_unit_id);
        let root = operator.units().get_unit(v1::GetUnitRequest { organization_id, unit_id }).await.unwrap();
        let root = root.into_inner().unit.unwrap();
        assert_eq!((root.name.as_str(), root.depth, root.parent_unit_id.as_str()), ("Headquarters", 1, ""));
    }

    async fn what_is_not_asked_for_has_the_defaults(server: TestServer) {
        let operator = server.operator().await;
        let created = create_named(&operator, "Acme", "").await.unwrap();
        let policies = v1::OrganizationPolicies {
            activation_link_ttl: seconds(7 * 24 * 3600),
            pin_required: false,
            max_password_age: None,
            max_session_age: seconds(24 * 3600),
        };
        assert_eq!(created.policies, Some(policies));
        let (organization_id, unit_id) = (created.organization_id.clone(), created.root_unit_id);
        let root = operator.units().get_unit(v1::GetUnitRequest { organization_id, unit_id }).await.unwrap();
        assert_eq!(root.into_inner().unit.unwrap().name, "Acme");
        let request = v1::GetLicensesRequest { organization_id: created.organization_id };
        let licenses = operator.licenses().get_licenses(request).await.unwrap().into_inner();
        assert!(licenses.pools.iter().all(|pool| pool.limit.is_none() && pool.used == 0));
    }

    async fn a_creation_is_refused_for_a_taken_name_and_for_an_absent_parent(server: TestServer) {
        let operator = server.operator().await;
        create_named(&operator, "Straße", "").await.unwrap();
        let taken = create_named(&operator, "STRASSE", "").await.unwrap_err();
        let absent = create_named(&operator, "Child", ABSENT).await.unwrap_err();

        assert_eq!(status_text(&taken), "ALREADY_EXISTS ORGANIZATION_NAME_TAKEN");
        assert_eq!(status_text(&absent), "NOT_FOUND PARENT_NOT_FOUND");
        assert_eq!(list(&operator, "", 0, "").await.unwrap().0, ["Straße"]);
    }

    async fn a_creation_names_every_bad_field(server: TestServer) {
        let policies = v1::OrganizationPolicies {
            activation_link_ttl: seconds(3599),
            max_password_age: seconds(-5),
            max_session_age: seconds(31 * 24 * 3600),
            ..Default::default()
        };
        let request = v1::CreateOrganizationRequest {
            name: " ".to_owned(),
            app_display_name: "n".repeat(201),
            parent_organization_id: "unit_01kagbbbbbfbbvbbbbbbbbbbbb".to_owned(),
            policies: Some(policies),
            root_unit_name: "\u{202e}".to_owned(),
            request_id: "1".to_owned(),
        };
        let refused = create(&server.operator().await, request).await.unwrap_err();
        let mut fields = violations(&refused);
        fields.sort_unstable();

        assert_eq!(status_text(&refused), "INVALID_ARGUMENT INVALID_FIELDS");
        let expected = [
            "app_display_name",
            "name",
            "parent_organization_id",
            "policies.activation_link_ttl",
            "policies.max_password_age",
            "policies.max_session_age",
            "request_id",
            "root_unit_name",
        ];
        assert_eq!(fields, expected);
    }

    async fn a_repeated_creation_gives_the_first_answer_even_at_the_same_time(server: TestServer) {
        let operator = server.operator().await;
        let request = |name: &str| v1::CreateOrganizationRequest {
            name: name.to_owned(),
            request_id: REQUEST_ID.to_owned(),
            ..Default::default()
        };
        let (mut one, mut two) = (operator.organizations(), operator.organizations());
        let (one, two) =
            tokio::join!(one.create_organization(request("Acme")), two.create_organization(request("Acme")));
        let first = one.unwrap().into_inner();

        assert_eq!(two.unwrap().into_inner(), first);
        let repeated = operator.organizations().create_organization(request("Acme")).await.unwrap();
        assert_eq!(repeated.into_inner(), first);
        assert_eq!(list(&operator, "", 0, "").await.unwrap().0, ["Acme"]);
        let other = create(&operator, request("Other")).await.unwrap_err();
        assert_eq!(status_text(&other), "INVALID_ARGUMENT REQUEST_ID_REUSED");
    }
}
