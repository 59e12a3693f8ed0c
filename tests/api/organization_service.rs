//! `varco.v1.OrganizationService`.

mod creation;
mod deletion;

use prost_types::{Duration, FieldMask};
use tonic::Status;
use varco_proto::v1;
use varco_testkit::{Actor, TestServer, on_every_database, status_text, violations};

use crate::tampered::tampered;

/// The identifier of nothing.
const ABSENT: &str = "org_01kagbbbbbfbbvbbbbbbbbbbbb";

fn seconds(seconds: i64) -> Option<Duration> {
    Some(Duration { seconds, nanos: 0 })
}

async fn create(operator: &Actor, request: v1::CreateOrganizationRequest) -> Result<v1::Organization, Status> {
    let created = operator.organizations().create_organization(request).await?.into_inner();
    Ok(created.organization.unwrap())
}

async fn create_named(operator: &Actor, name: &str, parent: &str) -> Result<v1::Organization, Status> {
    let (name, parent_organization_id) = (name.to_owned(), parent.to_owned());
    create(operator, v1::CreateOrganizationRequest { name, parent_organization_id, ..Default::default() }).await
}

async fn find(actor: &Actor, id: &str) -> Result<v1::Organization, Status> {
    let request = v1::GetOrganizationRequest { organization_id: id.to_owned() };
    Ok(actor.organizations().get_organization(request).await?.into_inner().organization.unwrap())
}

async fn list(actor: &Actor, parent: &str, page_size: i32, page_token: &str) -> Result<(Vec<String>, String), Status> {
    let request = v1::ListOrganizationsRequest {
        page_size,
        page_token: page_token.to_owned(),
        parent_organization_id: parent.to_owned(),
    };
    let page = actor.organizations().list_organizations(request).await?.into_inner();
    let names = page.organizations.into_iter().map(|organization| organization.name).collect();
    Ok((names, page.next_page_token))
}

/// An update of `organization` that names these fields.
fn update(organization: &v1::Organization, paths: &[&str]) -> v1::UpdateOrganizationRequest {
    v1::UpdateOrganizationRequest {
        organization_id: organization.organization_id.clone(),
        organization: Some(organization.clone()),
        update_mask: Some(FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() }),
    }
}

on_every_database! {
    async fn organizations_are_listed_oldest_first_page_by_page(server: TestServer) {
        let operator = server.operator().await;
        for name in ["Zeta", "Alpha", "Midway"] {
            create_named(&operator, name, "").await.unwrap();
        }
        let (first, token) = list(&operator, "", 2, "").await.unwrap();
        let (second, end) = list(&operator, "", 2, &token).await.unwrap();

        assert_eq!((first, second), (vec!["Zeta".into(), "Alpha".into()], vec!["Midway".into()]));
        assert_eq!(end, "");
        let other_token = tampered(&token);
        for (parent, token) in [("", other_token.as_str()), (ABSENT, &token), ("", "no token")] {
            let refused = list(&operator, parent, 2, token).await.unwrap_err();
            assert_eq!(status_text(&refused), "INVALID_ARGUMENT INVALID_PAGE_TOKEN");
        }
        let refused = list(&operator, "parent", -1, "").await.unwrap_err();
        assert_eq!(violations(&refused), ["page_size", "parent_organization_id"]);
    }

    async fn an_organization_lists_itself_alone(server: TestServer) {
        let operator = server.operator().await;
        let mine = server.organization("Mine").await;
        create_named(&operator, "Child", &mine.organization).await.unwrap();
        let (children, _) = list(&operator, &mine.organization, 0, "").await.unwrap();

        assert_eq!(children, ["Child"]);
        assert_eq!(list(&mine, "", 0, "").await.unwrap(), (vec!["Mine".to_owned()], String::new()));
        assert_eq!(list(&mine, &mine.organization, 0, "").await.unwrap().0, Vec::<String>::new());
    }

    async fn an_update_changes_what_its_mask_names_and_nothing_else(server: TestServer) {
        let mine = server.organization("Before").await;
        let before = find(&mine, &mine.organization).await.unwrap();
        let mut new = before.clone();
        new.name = "After".to_owned();
        new.app_display_name = "The app".to_owned();
        new.policies = Some(v1::OrganizationPolicies {
            activation_link_ttl: seconds(1),
            pin_required: true,
            max_password_age: seconds(90 * 24 * 3600),
            max_session_age: seconds(600),
        });
        let request = update(&new, &["name", "policies.pin_required", "policies.max_password_age"]);
        let updated = mine.organizations().update_organization(request).await.unwrap().into_inner();

        let organization = updated.organization.unwrap();
        let policies = v1::OrganizationPolicies {
            pin_required: true,
            max_password_age: seconds(90 * 24 * 3600),
            ..before.policies.unwrap()
        };
        let expected = v1::Organization {
            name: "After".to_owned(),
            policies: Some(policies),
            etag: organization.etag.clone(),
            ..before.clone()
        };
        assert_eq!(organization, expected);
        assert_ne!(organization.etag, before.etag);
        assert_eq!(find(&mine, &mine.organization).await.unwrap(), organization);

        // The same values again are no change.
        let request = update(&organization, &["name", "app_display_name", "policies.max_session_age"]);
        let again = mine.organizations().update_organization(request).await.unwrap().into_inner();
        assert_eq!((again.organization.unwrap(), again.revision), (organization, updated.revision));
    }

    async fn an_update_is_refused_for_a_stale_etag_and_for_a_taken_name(server: TestServer) {
        let (mine, operator) = (server.organization("Mine").await, server.operator().await);
        create_named(&operator, "Taken", "").await.unwrap();
        let stale = find(&mine, &mine.organization).await.unwrap();
        let new = v1::Organization { name: "New".to_owned(), ..stale.clone() };
        operator.organizations().update_organization(update(&new, &["name"])).await.unwrap();
        let refused = mine.organizations().update_organization(update(&stale, &["name"])).await.unwrap_err();
        assert_eq!(status_text(&refused), "ABORTED ETAG_MISMATCH");

        let current = find(&mine, &mine.organization).await.unwrap();
        let new = v1::Organization { name: "TAKEN".to_owned(), ..current.clone() };
        let refused = mine.organizations().update_organization(update(&new, &["name"])).await.unwrap_err();
        assert_eq!(status_text(&refused), "ALREADY_EXISTS ORGANIZATION_NAME_TAKEN");
        assert_eq!(find(&mine, &mine.organization).await.unwrap(), current);
    }

    async fn an_update_names_every_bad_field(server: TestServer) {
        let mine = server.organization("Mine").await;
        let policies = v1::OrganizationPolicies {
            activation_link_ttl: seconds(8 * 24 * 3600),
            max_session_age: seconds(-1),
            ..Default::default()
        };
        let new = v1::Organization {
            organization_id: mine.organization.clone(),
            policies: Some(policies),
            etag: "01".to_owned(),
            ..Default::default()
        };
        let paths = ["name", "etag", "policies.activation_link_ttl", "policies.max_session_age"];
        let refused = mine.organizations().update_organization(update(&new, &paths)).await.unwrap_err();
        let mut fields = violations(&refused);
        fields.sort_unstable();

        let expected = ["etag", "name", "policies.activation_link_ttl", "policies.max_session_age"];
        assert_eq!(fields[..4], expected.map(|field| format!("organization.{field}")));
        assert_eq!(fields[4..], ["update_mask"]);
        let refused = mine.organizations().update_organization(update(&new, &[])).await.unwrap_err();
        assert!(violations(&refused).contains(&"update_mask".to_owned()));
    }
}
