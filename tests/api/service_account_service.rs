//! `ServiceAccountService`.

mod operators;
mod revocation;

use prost_types::Duration;
use tonic::Status;
use varco_proto::v1::{
    CreateSecretRequest, CreateSecretResponse, CreateServiceAccountRequest, CreateServiceAccountResponse,
    DeleteServiceAccountRequest, ListServiceAccountsRequest, RevokeSecretRequest, ServiceAccount,
};
use varco_testkit::{Actor, Credential, TestServer, on_every_database};

use crate::calls::{ask, bad_fields, refusal};

/// An identifier of nothing.
const NO_ACCOUNT: &str = "sa_01kagbbbbbfbbvbbbbbbbbbbbb";

fn program(organization: &str, username: &str) -> CreateServiceAccountRequest {
    let (organization_id, username) = (organization.to_owned(), username.to_owned());
    CreateServiceAccountRequest { organization_id, username, secret_ttl: None }
}

async fn create(actor: &Actor, organization: &str, username: &str) -> Result<CreateServiceAccountResponse, Status> {
    ask!(actor.service_accounts().create_service_account(program(organization, username)))
}

async fn add_secret(actor: &Actor, account: &ServiceAccount) -> Result<CreateSecretResponse, Status> {
    let request = CreateSecretRequest {
        organization_id: account.organization_id.clone(),
        service_account_id: account.service_account_id.clone(),
        secret_ttl: None,
    };
    ask!(actor.service_accounts().create_secret(request))
}

fn revocation(account: &ServiceAccount, secret: &str) -> RevokeSecretRequest {
    RevokeSecretRequest {
        organization_id: account.organization_id.clone(),
        service_account_id: account.service_account_id.clone(),
        secret_id: secret.to_owned(),
        validate_only: false,
    }
}

async fn revoke(actor: &Actor, account: &ServiceAccount, secret: &str) -> Result<u64, Status> {
    ask!(actor.service_accounts().revoke_secret(revocation(account, secret))).map(|response| response.revision)
}

fn deletion(account: &ServiceAccount) -> DeleteServiceAccountRequest {
    DeleteServiceAccountRequest {
        organization_id: account.organization_id.clone(),
        service_account_id: account.service_account_id.clone(),
        validate_only: false,
    }
}

async fn delete(actor: &Actor, account: &ServiceAccount) -> Result<u64, Status> {
    ask!(actor.service_accounts().delete_service_account(deletion(account))).map(|response| response.revision)
}

fn all(organization: &str) -> ListServiceAccountsRequest {
    ListServiceAccountsRequest { organization_id: organization.to_owned(), ..ListServiceAccountsRequest::default() }
}

async fn list(actor: &Actor, organization: &str) -> Result<Vec<ServiceAccount>, Status> {
    ask!(actor.service_accounts().list_service_accounts(all(organization))).map(|response| response.service_accounts)
}

fn credential(account: &ServiceAccount, secret: &str) -> Credential {
    Credential { client_id: account.service_account_id.clone(), client_secret: secret.to_owned() }
}

on_every_database! {
    async fn an_account_comes_with_a_secret_that_is_shown_once(server: TestServer) {
        let mine = server.organization("mine").await;
        let created = create(&mine, &mine.organization, "Robot").await.unwrap();
        let account = created.service_account.unwrap();
        let [secret] = account.secrets.as_slice() else { panic!("{account:?}") };

        assert_eq!((account.username.as_str(), &account.organization_id), ("robot", &mine.organization));
        assert!(created.client_secret.starts_with("varco_secret_"));
        let life = secret.expire_time.unwrap().seconds - secret.create_time.unwrap().seconds;
        assert_eq!(life, 90 * 24 * 3600);
        assert_eq!(secret.last_use_time, None);

        let robot = server.actor(&credential(&account, &created.client_secret)).await;
        let listed = list(&robot, &mine.organization).await.unwrap();
        let robot = listed.iter().find(|it| it.service_account_id == account.service_account_id).unwrap();
        assert!(robot.secrets[0].last_use_time.is_some());
        assert_eq!(listed.len(), 2);
    }

    async fn every_bad_field_is_named(server: TestServer) {
        let mine = server.organization("mine").await;
        for seconds in [-1, 0, 3599, 366 * 24 * 3600 + 1] {
            let secret_ttl = Some(Duration { seconds, nanos: 0 });
            let request = CreateServiceAccountRequest { secret_ttl, ..program(&mine.organization, "a") };
            let outcome = ask!(mine.service_accounts().create_service_account(request));
            assert_eq!(bad_fields(outcome), ["username", "secret_ttl"], "{seconds}");
        }
        for seconds in [3600, 366 * 24 * 3600] {
            let secret_ttl = Some(Duration { seconds, nanos: 0 });
            let username = format!("robot-{seconds}");
            let request = CreateServiceAccountRequest { secret_ttl, ..program(&mine.organization, &username) };
            ask!(mine.service_accounts().create_service_account(request)).unwrap();
        }
    }

    async fn a_username_is_taken_in_the_whole_system(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        create(&mine, &mine.organization, "robot").await.unwrap();

        for username in ["robot", "ROBOT", "operator"] {
            let outcome = create(&other, &other.organization, username).await;
            assert_eq!(refusal(outcome), "ALREADY_EXISTS SERVICE_ACCOUNT_NAME_TAKEN", "{username}");
        }
        assert_eq!(list(&other, &other.organization).await.unwrap().len(), 1);
    }

    async fn at_most_two_secrets_work(server: TestServer) {
        let mine = server.organization("mine").await;
        let account = create(&mine, &mine.organization, "robot").await.unwrap().service_account.unwrap();
        let second = add_secret(&mine, &account).await.unwrap();
        server.actor(&credential(&account, &second.client_secret)).await;

        assert_eq!(refusal(add_secret(&mine, &account).await), "FAILED_PRECONDITION TOO_MANY_SECRETS");
        revoke(&mine, &account, &second.secret.unwrap().secret_id).await.unwrap();
        add_secret(&mine, &account).await.unwrap();
    }

    async fn a_secret_that_has_expired_does_not_count(server: TestServer) {
        let mine = server.organization("mine").await;
        let secret_ttl = Some(Duration { seconds: 3600, nanos: 0 });
        let request = CreateServiceAccountRequest { secret_ttl, ..program(&mine.organization, "robot") };
        let account = ask!(mine.service_accounts().create_service_account(request)).unwrap().service_account.unwrap();
        add_secret(&mine, &account).await.unwrap();
        server.clock.advance(std::time::Duration::from_hours(1));
        let mine = server.actor(&mine.credential).await;

        add_secret(&mine, &account).await.unwrap();
        assert_eq!(refusal(add_secret(&mine, &account).await), "FAILED_PRECONDITION TOO_MANY_SECRETS");
        revoke(&mine, &account, &account.secrets[0].secret_id).await.unwrap();
    }

    async fn what_belongs_to_somebody_else_is_not_found(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        let theirs = create(&other, &other.organization, "theirs").await.unwrap().service_account.unwrap();
        let own = create(&mine, &mine.organization, "own").await.unwrap().service_account.unwrap();
        let secret = theirs.secrets[0].secret_id.clone();
        let disguised = ServiceAccount { organization_id: mine.organization.clone(), ..theirs.clone() };
        let absent = ServiceAccount { service_account_id: NO_ACCOUNT.to_owned(), ..own.clone() };

        assert_eq!(refusal(list(&mine, &other.organization).await), "NOT_FOUND ORGANIZATION_NOT_FOUND");
        assert_eq!(refusal(delete(&mine, &theirs).await), "NOT_FOUND ORGANIZATION_NOT_FOUND");
        for account in [&disguised, &absent] {
            assert_eq!(refusal(delete(&mine, account).await), "NOT_FOUND SERVICE_ACCOUNT_NOT_FOUND");
            assert_eq!(refusal(add_secret(&mine, account).await), "NOT_FOUND SERVICE_ACCOUNT_NOT_FOUND");
            assert_eq!(refusal(revoke(&mine, account, &secret).await), "NOT_FOUND SERVICE_ACCOUNT_NOT_FOUND");
        }
        assert_eq!(refusal(revoke(&mine, &own, &secret).await), "NOT_FOUND SECRET_NOT_FOUND");
        assert_eq!(list(&other, &other.organization).await.unwrap().len(), 2);
    }

    async fn pages_give_every_account_once(server: TestServer) {
        let mine = server.organization("mine").await;
        for username in ["zeta", "alpha", "midway"] {
            create(&mine, &mine.organization, username).await.unwrap();
        }
        let mut walked = Vec::new();
        let mut request = ListServiceAccountsRequest { page_size: 1, ..all(&mine.organization) };
        loop {
            let page = ask!(mine.service_accounts().list_service_accounts(request.clone())).unwrap();
            walked.extend(page.service_accounts.into_iter().map(|account| account.username));
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        assert_eq!(walked[1..], ["zeta", "alpha", "midway"]);
    }
}
