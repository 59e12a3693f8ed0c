//! What is revoked works no longer, from the next call on.

use varco_proto::v1::{DeleteServiceAccountRequest, RevokeSecretRequest};
use varco_testkit::{Actor, TestServer, on_every_database};

use super::{add_secret, create, credential, delete, deletion, list, revocation, revoke};
use crate::calls::{ask, refusal};

const TOKEN_INVALID: &str = "UNAUTHENTICATED TOKEN_INVALID";
const CREDENTIALS_INVALID: &str = "UNAUTHENTICATED CREDENTIALS_INVALID";

on_every_database! {
    async fn a_revoked_secret_takes_its_tokens_along_and_no_others(server: TestServer) {
        let mine = server.organization("mine").await;
        let created = create(&mine, &mine.organization, "robot").await.unwrap();
        let account = created.service_account.unwrap();
        let second = add_secret(&mine, &account).await.unwrap();
        let old = server.actor(&credential(&account, &created.client_secret)).await;
        let new = server.actor(&credential(&account, &second.client_secret)).await;
        for robot in [&old, &new] {
            list(robot, &mine.organization).await.unwrap();
        }
        revoke(&mine, &account, &account.secrets[0].secret_id).await.unwrap();

        assert_eq!(refusal(list(&old, &mine.organization).await), TOKEN_INVALID);
        list(&new, &mine.organization).await.unwrap();
        let again = Actor::sign_in(server.channel(), &old.credential).await.map(drop);
        assert_eq!(refusal(again), CREDENTIALS_INVALID);
        let twice = revoke(&mine, &account, &account.secrets[0].secret_id).await;
        assert_eq!(refusal(twice), "NOT_FOUND SECRET_NOT_FOUND");
    }

    async fn validate_only_revokes_and_deletes_nothing(server: TestServer) {
        let mine = server.organization("mine").await;
        let created = create(&mine, &mine.organization, "robot").await.unwrap();
        let account = created.service_account.unwrap();
        let robot = server.actor(&credential(&account, &created.client_secret)).await;
        let (before, accounts) = (mine.event_count().await, list(&mine, &mine.organization).await.unwrap());
        let secret = account.secrets[0].secret_id.as_str();
        let revoke = RevokeSecretRequest { validate_only: true, ..revocation(&account, secret) };
        let revoked = ask!(mine.service_accounts().revoke_secret(revoke)).unwrap();
        let delete = DeleteServiceAccountRequest { validate_only: true, ..deletion(&account) };
        let deleted = ask!(mine.service_accounts().delete_service_account(delete)).unwrap();

        assert_eq!((revoked.revision, deleted.revision), (created.revision, created.revision));
        assert_eq!(list(&robot, &mine.organization).await.unwrap(), accounts);
        assert_eq!(mine.event_count().await, before);
        server.actor(&robot.credential).await;
        let unknown = revocation(&account, "secret_01kagbbbbbfbbvbbbbbbbbbbbb");
        let unknown = RevokeSecretRequest { validate_only: true, ..unknown };
        assert_eq!(refusal(ask!(mine.service_accounts().revoke_secret(unknown))), "NOT_FOUND SECRET_NOT_FOUND");
    }

    async fn a_deleted_account_takes_tokens_and_entries_along(server: TestServer) {
        let mine = server.organization("mine").await;
        let created = create(&mine, &mine.organization, "robot").await.unwrap();
        let account = created.service_account.unwrap();
        let robot = server.actor(&credential(&account, &created.client_secret)).await;
        let role = mine.create_role("Viewer", &["test:things.view"]).await;
        mine.grant(&account.service_account_id, &mine.root_unit, &[&role]).await;
        assert!(mine.may(&account.service_account_id, "test:things.view", &mine.root_unit).await);
        delete(&mine, &account).await.unwrap();

        assert_eq!(refusal(list(&robot, &mine.organization).await), TOKEN_INVALID);
        assert!(!mine.may(&account.service_account_id, "test:things.view", &mine.root_unit).await);
        let about: Vec<String> = mine.events_so_far().await.into_iter().take(2).map(|event| event.r#type).collect();
        assert_eq!(about, ["service_account.deleted", "assignment.revoked"]);
        create(&mine, &mine.organization, "robot").await.unwrap();
    }

    async fn a_secret_never_reaches_the_log(server: TestServer) {
        let mine = server.organization("mine").await;
        let created = create(&mine, &mine.organization, "robot").await.unwrap();
        let account = created.service_account.unwrap();
        server.actor(&credential(&account, &created.client_secret)).await;
        revoke(&mine, &account, &account.secrets[0].secret_id).await.unwrap();

        let log = format!("{:?}", mine.events_so_far().await);
        assert!(log.contains(&account.secrets[0].secret_id), "the control");
        assert!(!log.contains("varco_secret_") && !log.contains("varco_token_"));
    }
}
