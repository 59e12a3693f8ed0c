use varco_application::SecretDigest;
use varco_application::storage::{IssuedToken, SecretHolder, StorageError, UniqueKey};
use varco_domain::*;
use varco_persistence::SeaStore;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

fn secret() -> ServiceSecret {
    let created_at = instant();
    ServiceSecret { id: id(), created_at, expires_at: created_at.plus(HOUR), last_used_at: None }
}

async fn account_with_secret(store: &SeaStore, organization: Option<OrganizationId>, name: &str) -> ServiceAccount {
    let mut account = service_account(organization, name);
    account.secrets.push(secret());
    let digest = SecretDigest([1; 32]);
    commit!(
        store,
        |work| work.service_accounts().insert(&account),
        work.service_accounts().insert_secret(account.id, &account.secrets[0], &digest)
    );
    account
}

on_every_database! {
    async fn an_account_is_found_where_it_belongs(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let robot = account_with_secret(&store, Some(acme), "robot").await;
        let operator = account_with_secret(&store, None, "operator").await;
        let mut work = read(&store).await;

        let mut accounts = work.service_accounts();
        assert_eq!(accounts.find(Some(acme), robot.id).await.unwrap(), Some(robot.clone()));
        assert_eq!(accounts.find(None, operator.id).await.unwrap(), Some(operator.clone()));
        assert_eq!(accounts.find(None, robot.id).await.unwrap(), None);
        assert_eq!(accounts.find(Some(acme), operator.id).await.unwrap(), None);
        assert_eq!(accounts.find_by_username(&username("ROBOT")).await.unwrap(), Some(robot.id));
        assert_eq!(accounts.find_by_username(&username("nobody")).await.unwrap(), None);
        accounts = work.service_accounts();
        let among = accounts.existing_among(acme, &[operator.id, robot.id, robot.id]).await.unwrap();
        assert_eq!(among, [robot.id]);
    }

    async fn a_username_is_taken_once_in_the_system(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        account_with_secret(&store, None, "robot").await;

        let mut work = begin(&store).await;
        let refused = work.service_accounts().insert(&service_account(Some(acme), "Robot")).await;
        let is_refused = matches!(refused, Err(StorageError::Duplicate(UniqueKey::ServiceAccountUsername)));
        assert!(is_refused, "{refused:?}");
    }

    async fn accounts_are_listed_by_id_with_their_secrets(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let mut robots = Vec::new();
        for name in ["zoe", "ana", "mia"] {
            robots.push(account_with_secret(&store, Some(acme), name).await);
        }
        let second = secret();
        commit!(store, |work| work.service_accounts().insert_secret(robots[0].id, &second, &SecretDigest([2; 32])));
        robots[0].secrets.push(second);
        account_with_secret(&store, None, "operator").await;
        let mut work = read(&store).await;

        let first = work.service_accounts().list(Some(acme), None, 2).await.unwrap();
        let rest = work.service_accounts().list(Some(acme), Some(robots[1].id), 2).await.unwrap();
        assert!(first.has_more && !rest.has_more);
        assert_eq!(first.items.into_iter().chain(rest.items).collect::<Vec<_>>(), robots);
        assert_eq!(work.service_accounts().list(None, None, 2).await.unwrap().items.len(), 1);
    }

    async fn operators_are_locked_together(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let operators = [account_with_secret(&store, None, "one").await, account_with_secret(&store, None, "two").await];
        account_with_secret(&store, Some(acme), "robot").await;

        let locked = begin(&store).await.service_accounts().lock_operators().await.unwrap();
        assert_eq!(locked, operators);
    }

    async fn a_secret_works_for_its_account_until_it_expires(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let robot = account_with_secret(&store, Some(acme), "robot").await;
        let other = account_with_secret(&store, None, "operator").await;
        let ServiceSecret { id: secret, expires_at, created_at, .. } = robot.secrets[0].clone();
        let digest = SecretDigest([1; 32]);
        let last = Timestamp::from_micros(expires_at.as_micros() - 1);
        let mut work = read(&store).await;

        let holder = SecretHolder { account: robot.id, organization: Some(acme), secret, expires_at };
        let accounts = work.service_accounts();
        assert_eq!(accounts.find_secret(robot.id, &digest, created_at).await.unwrap(), Some(holder.clone()));
        assert_eq!(accounts.find_secret(robot.id, &digest, last).await.unwrap(), Some(holder));
        assert_eq!(accounts.find_secret(robot.id, &digest, expires_at).await.unwrap(), None);
        assert_eq!(accounts.find_secret(robot.id, &SecretDigest([9; 32]), created_at).await.unwrap(), None);
        let others = accounts.find_secret(other.id, &digest, created_at).await.unwrap().unwrap();
        assert_eq!((others.account, others.organization), (other.id, None));
    }

    async fn a_token_works_until_it_expires_or_its_secret_goes(database: TestDatabase) {
        let store = database.open().await;
        let robot = account_with_secret(&store, None, "robot").await;
        let secret = robot.secrets[0].clone();
        let now = secret.created_at;
        let token = |byte, expires_at| {
            IssuedToken { digest: SecretDigest([byte; 32]), account: robot.id, secret: secret.id, expires_at }
        };
        let (short, long) = (token(3, now.plus(HOUR / 60)), token(4, now.plus(HOUR)));
        commit!(store, |work| work.service_accounts().insert_token(&short, now),
            work.service_accounts().insert_token(&long, short.expires_at));

        let mut work = begin(&store).await;
        let found = work.service_accounts().find_token(&long.digest, now).await.unwrap();
        let expires_at = long.expires_at;
        assert_eq!(found, Some(SecretHolder { account: robot.id, organization: None, secret: secret.id, expires_at }));
        assert_eq!(work.service_accounts().find_token(&long.digest, expires_at).await.unwrap(), None);
        // Forgotten when the next was issued.
        assert_eq!(work.service_accounts().find_token(&short.digest, now).await.unwrap(), None);
        let noted = work.service_accounts().find(None, robot.id).await.unwrap().unwrap();
        assert_eq!(noted.secrets[0].last_used_at, Some(short.expires_at));
        work.service_accounts().delete_secret(secret.id).await.unwrap();
        assert_eq!(work.service_accounts().find_token(&long.digest, now).await.unwrap(), None);
        assert!(work.service_accounts().find(None, robot.id).await.unwrap().unwrap().secrets.is_empty());
    }

    async fn a_deleted_account_takes_its_secrets_and_tokens(database: TestDatabase) {
        let store = database.open().await;
        let robot = account_with_secret(&store, None, "robot").await;
        let ServiceSecret { id: secret, created_at: now, expires_at, .. } = robot.secrets[0];
        let token = IssuedToken { digest: SecretDigest([3; 32]), account: robot.id, secret, expires_at };
        commit!(store, |work| work.service_accounts().insert_token(&token, now),
            work.service_accounts().delete(robot.id));

        let mut work = read(&store).await;
        assert_eq!(work.service_accounts().find(None, robot.id).await.unwrap(), None);
        assert_eq!(work.service_accounts().find_token(&token.digest, now).await.unwrap(), None);
        let found = work.service_accounts().find_secret(robot.id, &SecretDigest([1; 32]), now).await.unwrap();
        assert_eq!(found, None);
    }
}
