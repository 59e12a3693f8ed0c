//! Sessions, whatever is called in whatever order or at the same time.

mod order;
mod races;

use tonic::Status;
use varco_proto::v1;
use varco_proto::v1::sign_in_response::Result as Answer;
use varco_testkit::{Actor, PASSWORD, TestServer, UserActor, status_text};

use crate::calls::ask;

const REFRESH_TOKEN_INVALID: &str = "UNAUTHENTICATED REFRESH_TOKEN_INVALID";
const TOKEN_INVALID: &str = "UNAUTHENTICATED TOKEN_INVALID";

async fn refresh(server: &TestServer, token: &str) -> Result<v1::SessionTokens, Status> {
    let request = v1::RefreshSessionRequest { refresh_token: token.to_owned() };
    Ok(ask!(server.anonymous().refresh_session(request))?.session.unwrap())
}

async fn revoke(actor: &Actor, session: &str) -> Result<v1::RevokeSessionResponse, Status> {
    ask!(actor.authentication().revoke_session(v1::RevokeSessionRequest { session_id: session.to_owned() }))
}

/// Signs a user in from an address of its own, carried by a gateway.
async fn sign_in_from(server: &TestServer, gateway: &Actor, place: usize, username: &str) -> UserActor {
    let address = format!("10.{}.{}.1", place / 256, place % 256);
    match server.try_sign_in_from(gateway, &address, username, PASSWORD).await.unwrap() {
        Answer::Session(tokens) => UserActor::new(server, tokens),
        Answer::NextStep(step) => panic!("something is needed first: {step:?}"),
    }
}

/// Whether the access token of these tokens works.
async fn works(server: &TestServer, tokens: &v1::SessionTokens) -> bool {
    let user = UserActor::new(server, tokens.clone());
    let answer = user.authentication().list_sessions(v1::ListSessionsRequest::default()).await;
    answer.map_err(|status| assert_eq!(status_text(&status), TOKEN_INVALID)).is_ok()
}
