//! Service accounts of the platform.

use tonic::Status;
use varco_application::Caller;
use varco_application::service_accounts::bootstrap_operator;
use varco_domain::Username;
use varco_proto::v1::ServiceAccount;
use varco_testkit::{Actor, TestServer, on_every_database};

use super::{add_secret, create, credential, delete, list, revoke};
use crate::calls::{bad_fields, refusal};

const LAST_OPERATOR: &str = "FAILED_PRECONDITION LAST_OPERATOR";

async fn first(operator: &Actor) -> Result<ServiceAccount, Status> {
    Ok(list(operator, "").await?.remove(0))
}

on_every_database! {
    async fn only_operators_create_and_list_operators(server: TestServer) {
        let mine = server.organization("mine").await;
        let operator = server.operator().await;
        let created = create(&operator, "", "second-operator").await.unwrap();
        let account = created.service_account.unwrap();

        assert_eq!(account.organization_id, "");
        let second = server.actor(&credential(&account, &created.client_secret)).await;
        assert_eq!(list(&second, "").await.unwrap().len(), 2);
        assert_eq!(bad_fields(create(&mine, "", "third-operator").await), ["organization_id"]);
        assert_eq!(bad_fields(list(&mine, "").await), ["organization_id"]);
    }

    async fn an_operator_creates_accounts_for_organizations_that_exist(server: TestServer) {
        let mine = server.organization("mine").await;
        let operator = server.operator().await;
        let absent = "org_01kagbbbbbfbbvbbbbbbbbbbbb";

        create(&operator, &mine.organization, "robot").await.unwrap();
        assert_eq!(list(&operator, &mine.organization).await.unwrap().len(), 2);
        assert_eq!(refusal(create(&operator, absent, "other").await), "NOT_FOUND ORGANIZATION_NOT_FOUND");
        assert_eq!(refusal(list(&operator, absent).await), "NOT_FOUND ORGANIZATION_NOT_FOUND");
    }

    async fn the_last_operator_credential_that_works_stays(server: TestServer) {
        let operator = server.operator().await;
        let account = first(&operator).await.unwrap();
        let secret = account.secrets[0].secret_id.clone();

        assert_eq!(refusal(revoke(&operator, &account, &secret).await), LAST_OPERATOR);
        assert_eq!(refusal(delete(&operator, &account).await), LAST_OPERATOR);
        let second = add_secret(&operator, &account).await.unwrap();
        assert_eq!(refusal(delete(&operator, &account).await), LAST_OPERATOR);
        revoke(&operator, &account, &secret).await.unwrap();

        let operator = server.actor(&credential(&account, &second.client_secret)).await;
        let other = create(&operator, "", "second-operator").await.unwrap();
        delete(&operator, &account).await.unwrap();
        let left = other.service_account.unwrap();
        let operator = server.actor(&credential(&left, &other.client_secret)).await;
        assert_eq!(refusal(delete(&operator, &left).await), LAST_OPERATOR);
    }

    async fn of_two_operators_who_delete_each_other_one_stays(server: TestServer) {
        let operator = server.operator().await;
        let account = first(&operator).await.unwrap();
        let other = create(&operator, "", "second-operator").await.unwrap().service_account.unwrap();
        let outcomes = tokio::join!(delete(&operator, &account), delete(&operator, &other));

        assert!(!(outcomes.0.is_ok() && outcomes.1.is_ok()), "{outcomes:?}");
        assert!(outcomes.0.is_ok() || outcomes.1.is_ok(), "{outcomes:?}");
    }

    async fn a_start_creates_an_operator_only_where_none_can_call(server: TestServer) {
        let env = server.environment().await;
        let caller = Caller::system("start");
        let name = Username::parse("operator").unwrap();
        assert!(bootstrap_operator(&env, &caller, &name).await.unwrap().is_none());

        server.clock.advance(std::time::Duration::from_hours(366 * 24));
        let (account, secret) = bootstrap_operator(&env, &caller, &name).await.unwrap().unwrap();
        assert_eq!(account.secrets.len(), 2, "the operator of that name gets a new secret");
        let operator = Actor::sign_in(server.channel(), &varco_testkit::Credential {
            client_id: "operator".to_owned(),
            client_secret: secret.expose().to_owned(),
        })
        .await
        .unwrap();
        assert_eq!(list(&operator, "").await.unwrap().len(), 1);
        assert!(bootstrap_operator(&env, &caller, &name).await.unwrap().is_none());
    }
}
