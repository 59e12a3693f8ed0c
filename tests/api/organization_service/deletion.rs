use tonic::Status;
use varco_proto::v1;
use varco_testkit::{Actor, OrganizationActor, TestServer, on_every_database, status_text, violations};

use super::{ABSENT, create_named, find};

fn deletion(id: &str, etag: &str) -> v1::DeleteOrganizationRequest {
    let (organization_id, etag) = (id.to_owned(), etag.to_owned());
    v1::DeleteOrganizationRequest { organization_id, etag, validate_only: false }
}

async fn delete(operator: &Actor, id: &str, etag: &str) -> Result<u64, Status> {
    let request = deletion(id, etag);
    Ok(operator.organizations().delete_organization(request).await?.into_inner().revision)
}

/// Makes a user of `home` a member of `host` and grants a role there.
async fn invite(home: &OrganizationActor, host: &OrganizationActor, user: &str) -> String {
    let email = home.user(user).await.email;
    let request = v1::AddMembershipRequest {
        organization_id: host.organization.clone(),
        email,
        app_access: true,
        back_office_level: v1::BackOfficeLevel::None.into(),
        ..Default::default()
    };
    host.users().add_membership(request).await.unwrap();
    let role = host.create_role("Guest", &["test:things.view"]).await;
    host.grant(user, &host.root_unit, &[&role]).await;
    role
}

async fn used_app_seats(actor: &OrganizationActor) -> u32 {
    let request = v1::GetLicensesRequest { organization_id: actor.organization.clone() };
    let licenses = actor.licenses().get_licenses(request).await.unwrap().into_inner();
    licenses.pools.iter().find(|usage| usage.pool() == v1::SeatPool::App).unwrap().used
}

on_every_database! {
    async fn a_deleted_organization_takes_its_accounts_everywhere_and_leaves_its_guests(server: TestServer) {
        let operator = server.operator().await;
        let (gone, other) = (server.organization("Gone").await, server.organization("Other").await);
        let (inhabitant, guest) = (gone.create_user("inhabitant").await, other.create_user("guest").await);
        let role = invite(&gone, &other, &inhabitant).await;
        invite(&other, &gone, &guest).await;
        assert!(other.may(&inhabitant, "test:things.view", &other.root_unit).await);
        assert_eq!(used_app_seats(&other).await, 2);

        let etag = find(&operator, &gone.organization).await.unwrap().etag;
        delete(&operator, &gone.organization, &etag).await.unwrap();

        let absent = find(&operator, &gone.organization).await.unwrap_err();
        assert_eq!(status_text(&absent), "NOT_FOUND ORGANIZATION_NOT_FOUND");
        let signed_out = find(&gone, &gone.organization).await.unwrap_err();
        assert_eq!(status_text(&signed_out), "UNAUTHENTICATED TOKEN_INVALID");
        assert!(!other.may(&inhabitant, "test:things.view", &other.root_unit).await);
        assert_eq!((used_app_seats(&other).await, other.role(&role).await.holder_count), (1, 0));
        assert_eq!(other.user(&guest).await.username, "guest");
        // Name, username and email are free again.
        create_named(&operator, "gone", "").await.unwrap();
        other.create_user("inhabitant").await;
    }

    async fn validate_only_deletes_nothing(server: TestServer) {
        let operator = server.operator().await;
        let (kept, other) = (server.organization("Kept").await, server.organization("Other").await);
        let inhabitant = kept.create_user("inhabitant").await;
        invite(&kept, &other, &inhabitant).await;
        let organization = find(&operator, &kept.organization).await.unwrap();
        let before = (kept.event_count().await, other.event_count().await);
        let request = deletion(&kept.organization, &organization.etag);
        let request = v1::DeleteOrganizationRequest { validate_only: true, ..request };
        let answer = operator.organizations().delete_organization(request.clone()).await.unwrap().into_inner();

        assert_eq!(answer.revision, other.events_so_far().await[0].revision, "the current one");
        assert_eq!(find(&kept, &kept.organization).await.unwrap(), organization);
        assert!(other.may(&inhabitant, "test:things.view", &other.root_unit).await);
        assert_eq!((kept.event_count().await, other.event_count().await), before);
        let stale = v1::DeleteOrganizationRequest { etag: "7".to_owned(), ..request };
        let refused = operator.organizations().delete_organization(stale).await.unwrap_err();
        assert_eq!(status_text(&refused), "ABORTED ETAG_MISMATCH");
    }

    async fn a_deletion_is_told_wherever_it_takes_something(server: TestServer) {
        let operator = server.operator().await;
        let (gone, other) = (server.organization("Gone").await, server.organization("Other").await);
        let (inhabitant, guest) = (gone.create_user("inhabitant").await, other.create_user("guest").await);
        invite(&gone, &other, &inhabitant).await;
        invite(&other, &gone, &guest).await;
        let etag = find(&operator, &gone.organization).await.unwrap().etag;
        let revision = delete(&operator, &gone.organization, &etag).await.unwrap();

        let request = v1::ListEventsRequest { page_size: 1000, ..Default::default() };
        let events = operator.events().list_events(request).await.unwrap().into_inner().events;
        let told = |kind: &str, organization: &str| {
            let is_told = |event: &&v1::Event| event.revision == revision && event.r#type == kind;
            events.iter().filter(is_told).filter(|event| event.organization_id == organization).count()
        };
        assert_eq!(told("organization.deleted", &gone.organization), 1);
        assert_eq!(told("user.removed", &gone.organization), 1);
        assert_eq!(told("membership.removed", &gone.organization), 2);
        assert_eq!(told("membership.removed", &other.organization), 1);
        assert_eq!(told("assignment.revoked", &other.organization), 1);
    }

    async fn a_deletion_is_refused_for_a_stale_etag_and_while_there_are_children(server: TestServer) {
        let operator = server.operator().await;
        let parent = create_named(&operator, "Parent", "").await.unwrap();
        let child = create_named(&operator, "Child", &parent.organization_id).await.unwrap();

        let stale = delete(&operator, &parent.organization_id, "7").await.unwrap_err();
        assert_eq!(status_text(&stale), "ABORTED ETAG_MISMATCH");
        let refused = delete(&operator, &parent.organization_id, &parent.etag).await.unwrap_err();
        assert_eq!(status_text(&refused), "FAILED_PRECONDITION ORGANIZATION_HAS_CHILDREN");
        let absent = delete(&operator, ABSENT, "1").await.unwrap_err();
        assert_eq!(status_text(&absent), "NOT_FOUND ORGANIZATION_NOT_FOUND");
        let malformed = delete(&operator, "", "").await.unwrap_err();
        assert_eq!(violations(&malformed), ["organization_id", "etag"]);

        delete(&operator, &child.organization_id, &child.etag).await.unwrap();
        delete(&operator, &parent.organization_id, &parent.etag).await.unwrap();
    }

    /// Whoever joins elsewhere while the home goes either is removed there too or comes too late.
    async fn a_deletion_leaves_nobody_behind_who_joins_elsewhere_meanwhile(server: TestServer) {
        let (operator, host) = (server.operator().await, server.organization("Host").await);
        for round in 0..5 {
            let gone = server.organization(&format!("Gone {round}")).await;
            let user = gone.create_user(&format!("inhabitant{round}")).await;
            let etag = find(&operator, &gone.organization).await.unwrap().etag;
            let request = v1::AddMembershipRequest {
                organization_id: host.organization.clone(),
                email: format!("inhabitant{round}@example.com"),
                app_access: true,
                back_office_level: v1::BackOfficeLevel::None.into(),
                ..Default::default()
            };
            let mut users = host.users();
            let (deleted, added) =
                tokio::join!(delete(&operator, &gone.organization, &etag), users.add_membership(request));

            deleted.unwrap();
            if let Err(refused) = added {
                assert_eq!(status_text(&refused), "NOT_FOUND USER_NOT_FOUND");
            }
            let request = v1::GetUserRequest { organization_id: host.organization.clone(), user_id: user };
            let absent = host.users().get_user(request).await.unwrap_err();
            assert_eq!(status_text(&absent), "NOT_FOUND USER_NOT_FOUND");
            assert_eq!(used_app_seats(&host).await, 0);
        }
    }
}
