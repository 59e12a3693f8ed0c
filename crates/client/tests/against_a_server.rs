//! The client against a running server.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing where it looks has failed")]

use std::time::Duration;

use tonic::Code;
use varco_client::v1::{CreateUnitRequest, RevokeSecretRequest};
use varco_client::{CheckQuestion, Client, Credential, Error, Watch, WatchOptions};
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

async fn client(server: &TestServer, actor: &OrganizationActor) -> Client {
    let credential = Credential::new(&actor.credential.client_id, &actor.credential.client_secret);
    Client::connect(&server.address(), credential).await.unwrap()
}

fn question(actor: &OrganizationActor, subject: &str, at_least: u64) -> CheckQuestion {
    CheckQuestion {
        organization_id: actor.organization.clone(),
        subject_id: subject.to_owned(),
        permission: "test:things.view".to_owned(),
        unit_id: actor.root_unit.clone(),
        at_least,
    }
}

/// The types of the next events, however many messages they come in.
async fn next_types(watch: &mut Watch, count: usize) -> Vec<(u64, String)> {
    let mut types = Vec::new();
    while types.len() < count {
        let events = watch.next().await.unwrap().events;
        types.extend(events.into_iter().map(|event| (event.revision, event.r#type)));
    }
    types
}

on_every_database! {
    async fn a_check_knows_the_write_before_it(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let client = client(&server, &aurora).await;
        let (user, role) = (aurora.create_user("mario").await, aurora.create_role("Reader", &["test:things.view"]).await);
        assert!(!client.check(&question(&aurora, &user, 0)).await.unwrap().allowed);
        let revision = aurora.grant(&user, &aurora.root_unit, &[&role]).await;
        let answer = client.check(&question(&aurora, &user, revision)).await.unwrap();

        assert!(answer.allowed && answer.revision >= revision);
    }
}

on_every_database! {
    async fn a_token_that_the_server_no_longer_takes_is_replaced_once_for_all(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let client = client(&server, &aurora).await;
        let user = aurora.create_user("mario").await;
        let before = client.token().await.unwrap();
        server.clock.advance(Duration::from_hours(24));
        let calls = (0..20).map(|_| {
            let (client, question) = (client.clone(), question(&aurora, &user, 0));
            async move { client.check(&question).await.map(|_| ()) }
        });
        for result in futures::future::join_all(calls).await {
            result.unwrap();
        }
        assert_ne!(client.token().await.unwrap(), before);
    }
}

on_every_database! {
    async fn a_revoked_secret_is_told_as_such(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let client = client(&server, &aurora).await;
        let user = aurora.create_user("mario").await;
        let account = server.operator().await;
        let request = varco_client::v1::ListServiceAccountsRequest {
            organization_id: aurora.organization.clone(),
            ..Default::default()
        };
        let accounts = account.service_accounts().list_service_accounts(request).await.unwrap().into_inner();
        let own = &accounts.service_accounts[0];
        let revoke = RevokeSecretRequest {
            organization_id: aurora.organization.clone(),
            service_account_id: own.service_account_id.clone(),
            secret_id: own.secrets[0].secret_id.clone(),
            validate_only: false,
        };
        account.service_accounts().revoke_secret(revoke).await.unwrap();
        let refused = client.check(&question(&aurora, &user, 0)).await.unwrap_err();

        assert_eq!((refused.code(), refused.reason()), (Code::Unauthenticated, "CREDENTIALS_INVALID"));
    }
}

on_every_database! {
    async fn every_refused_field_is_there_to_read(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let client = client(&server, &aurora).await;
        let request = CreateUnitRequest { organization_id: aurora.organization.clone(), ..Default::default() };
        let refused = client.units().create_unit(request).await.map_err(Error::from).unwrap_err();
        let Error::Refused(refusal) = refused else { panic!("{refused}") };

        let paths: Vec<_> = refusal.violations.iter().map(|violation| violation.path.as_str()).collect();
        assert_eq!((refusal.reason.as_str(), paths), ("INVALID_FIELDS", vec!["parent_unit_id", "name"]));
    }
}

on_every_database! {
    async fn a_watch_goes_on_after_the_server_was_away(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let client = client(&server, &aurora).await;
        let types = vec!["unit.*".to_owned()];
        let organization_id = aurora.organization.clone();
        let mut watch = client.watch(WatchOptions { organization_id, after_revision: Some(0), types });
        let first = next_types(&mut watch, 1).await;
        aurora.create_unit(&aurora.root_unit, "before").await;
        let second = next_types(&mut watch, 1).await;
        server.restart().await;
        aurora.create_unit(&aurora.root_unit, "after").await;
        aurora.create_unit(&aurora.root_unit, "last").await;
        let rest = next_types(&mut watch, 2).await;

        let seen: Vec<_> = [first, second, rest].concat();
        assert!(seen.iter().all(|(_, kind)| kind == "unit.created"), "{seen:?}");
        assert!(seen.is_sorted_by(|one, next| one.0 < next.0), "{seen:?}");
    }
}

on_every_database! {
    async fn a_watch_of_what_is_not_there_ends(server: TestServer) {
        let (aurora, borea) = (server.organization("Aurora").await, server.organization("Borea").await);
        let client = client(&server, &aurora).await;
        let organization_id = borea.organization.clone();
        let mut watch = client.watch(WatchOptions { organization_id, ..Default::default() });

        assert_eq!(watch.next().await.unwrap_err().reason(), "ORGANIZATION_NOT_FOUND");
    }
}
