//! `AuthenticationService`, and the tokens that it issues.

use std::time::Duration;

use tonic::{Response, Status};
use varco_proto::v1::authentication_service_client::AuthenticationServiceClient;
use varco_proto::v1::{
    CreateServiceAccountRequest, CreateServiceAccountResponse, IssueServiceTokenRequest, IssueServiceTokenResponse,
    ListServiceAccountsRequest,
};
use varco_testkit::{Actor, OrganizationActor, TestServer, on_every_database};

use crate::calls::{ask, refusal};

const HOUR: Duration = Duration::from_hours(1);
const TOKEN_INVALID: &str = "UNAUTHENTICATED TOKEN_INVALID";
const CREDENTIALS_INVALID: &str = "UNAUTHENTICATED CREDENTIALS_INVALID";

async fn issue(server: &TestServer, id: &str, secret: &str) -> Result<IssueServiceTokenResponse, Status> {
    let request = IssueServiceTokenRequest { client_id: id.to_owned(), client_secret: secret.to_owned() };
    let issued = AuthenticationServiceClient::new(server.channel().clone()).issue_service_token(request).await;
    issued.map(Response::into_inner)
}

/// Creates a service account whose secret works this long.
async fn program(actor: &OrganizationActor, username: &str, ttl: Duration) -> CreateServiceAccountResponse {
    let request = CreateServiceAccountRequest {
        organization_id: actor.organization.clone(),
        username: username.to_owned(),
        secret_ttl: Some(ttl.try_into().unwrap()),
    };
    ask!(actor.service_accounts().create_service_account(request)).unwrap()
}

/// A call that any token of the organization may make.
async fn probe(actor: &Actor, organization: &str) -> Result<(), Status> {
    let organization_id = organization.to_owned();
    let request = ListServiceAccountsRequest { organization_id, ..ListServiceAccountsRequest::default() };
    ask!(actor.service_accounts().list_service_accounts(request)).map(drop)
}

/// Texts that differ from one in little, and are headers still.
fn variants(text: &str) -> Vec<String> {
    let mut variants: Vec<String> = (0..text.len()).map(|length| text[..length].to_owned()).collect();
    for place in 0..text.len() {
        for bit in 0..7 {
            let mut bytes = text.as_bytes().to_vec();
            bytes[place] ^= 1 << bit;
            variants
                .extend(String::from_utf8(bytes).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_graphic())));
        }
    }
    let random = text.rsplit('_').next().unwrap();
    let around = [
        format!("{text}="),
        format!("{text}A"),
        format!("{text}{text}"),
        text.to_uppercase(),
        text.to_lowercase(),
        random.to_owned(),
        text.replace('_', "-"),
    ];
    variants.extend(around.into_iter().filter(|variant| variant != text));
    variants
}

on_every_database! {
    async fn a_secret_gives_tokens_by_id_and_by_username(server: TestServer) {
        let mine = server.organization("mine").await;
        let created = program(&mine, "robot", HOUR * 24).await;
        let account = created.service_account.unwrap();

        for client_id in [account.service_account_id.as_str(), "robot", "ROBOT"] {
            let issued = issue(&server, client_id, &created.client_secret).await.unwrap();
            assert_eq!(issued.expires_in.unwrap().seconds, 3600);
            assert!(issued.access_token.starts_with("varco_token_"));
            probe(&mine.with_token(&issued.access_token), &mine.organization).await.unwrap();
        }
    }

    async fn whatever_is_wrong_is_answered_alike(server: TestServer) {
        let mine = server.organization("mine").await;
        let known = program(&mine, "robot", HOUR * 24).await;
        let other = program(&mine, "other", HOUR * 24).await;
        let expired = program(&mine, "expired", HOUR).await;
        let id = known.service_account.unwrap().service_account_id;
        server.clock.advance(HOUR);
        let tries = [
            (id.as_str(), "varco_secret_wrong"),
            (&id, ""),
            (&id, &other.client_secret),
            ("robot", "varco_secret_wrong"),
            ("expired", &expired.client_secret),
            ("unknown", &known.client_secret),
            ("sa_01kagbbbbbfbbvbbbbbbbbbbbb", &known.client_secret),
            ("sa_", &known.client_secret),
            ("user_01kagbbbbbfbbvbbbbbbbbbbbb", &known.client_secret),
            ("no such name!", &known.client_secret),
            ("", ""),
        ];
        let mut answers = Vec::new();
        for (client_id, secret) in tries {
            let status = issue(&server, client_id, secret).await.unwrap_err();
            let mut metadata = status.metadata().clone();
            metadata.remove("date");
            let (message, details) = (status.message().to_owned(), status.details().to_vec());
            answers.push((status.code(), message, details, format!("{metadata:?}")));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        assert_eq!(refusal(issue(&server, "unknown", "").await), CREDENTIALS_INVALID);
        assert!(issue(&server, "robot", &known.client_secret).await.is_ok(), "the control");
    }

    async fn a_token_is_taken_as_it_was_given_alone(server: TestServer) {
        let mine = server.organization("mine").await;
        for token in variants(&mine.token) {
            let outcome = probe(&mine.with_token(&token), &mine.organization).await;
            assert_eq!(refusal(outcome), TOKEN_INVALID, "{token}");
        }
        probe(&mine, &mine.organization).await.unwrap();
    }

    async fn a_secret_is_taken_as_it_was_given_alone(server: TestServer) {
        let mine = server.organization("mine").await;
        let secret = program(&mine, "robot", HOUR * 24).await.client_secret;
        for variant in variants(&secret) {
            assert_eq!(refusal(issue(&server, "robot", &variant).await), CREDENTIALS_INVALID, "{variant}");
        }
        issue(&server, "robot", &secret).await.unwrap();
    }

    async fn a_token_ends_after_an_hour(server: TestServer) {
        let mine = server.organization("mine").await;
        server.clock.advance(HOUR - Duration::from_mins(1));
        probe(&mine, &mine.organization).await.unwrap();
        server.clock.advance(Duration::from_mins(1));

        assert_eq!(refusal(probe(&mine, &mine.organization).await), TOKEN_INVALID);
        let again = server.actor(&mine.credential).await;
        probe(&again, &mine.organization).await.unwrap();
    }

    async fn a_token_ends_with_its_secret(server: TestServer) {
        let mine = server.organization("mine").await;
        let secret = program(&mine, "robot", HOUR).await.client_secret;
        server.clock.advance(Duration::from_mins(45));
        let issued = issue(&server, "robot", &secret).await.unwrap();
        let seconds = issued.expires_in.unwrap().seconds;
        assert!((14 * 60..=15 * 60).contains(&seconds), "{seconds}");
        let robot = mine.with_token(&issued.access_token);
        probe(&robot, &mine.organization).await.unwrap();
        server.clock.advance(Duration::from_mins(15));

        assert_eq!(refusal(probe(&robot, &mine.organization).await), TOKEN_INVALID);
        assert_eq!(refusal(issue(&server, "robot", &secret).await), CREDENTIALS_INVALID);
    }

    async fn issuing_a_token_is_no_event(server: TestServer) {
        let mine = server.organization("mine").await;
        let secret = program(&mine, "robot", HOUR).await.client_secret;
        let before = mine.event_count().await;
        issue(&server, "robot", &secret).await.unwrap();

        assert_eq!(mine.event_count().await, before);
    }
}
