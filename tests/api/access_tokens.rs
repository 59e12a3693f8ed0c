//! Access tokens of users: what the server takes, what it says of them, and the keys behind.

mod acceptors;
mod corpus;
mod forge;
mod http;
mod introspection;
mod key_set;
mod revocation;

use varco_application::authentication::{TokenHolder, issue_access_token};
use varco_domain::{Client, OrganizationId, Session, SessionId, UserId};
use varco_proto::v1;
use varco_testkit::{Actor, OrganizationActor, TestServer};

use crate::calls::ask;

pub(crate) const TOKEN_INVALID: &str = "UNAUTHENTICATED TOKEN_INVALID";

/// A user with a session, which was begun past the sign-in.
pub(crate) struct SignedIn {
    /// Calls with the session's token.
    pub(crate) actor: Actor,
    pub(crate) user: String,
    pub(crate) session: SessionId,
}

/// Begins a session of a user where `organization` acts, and gives it a token.
pub(crate) async fn begin_session(server: &TestServer, organization: &OrganizationActor, user: &str) -> SignedIn {
    let env = server.environment().await;
    let now = env.clock.now();
    let session = Session {
        id: env.new_id(),
        user: UserId::parse(user).unwrap(),
        organization: OrganizationId::parse(&organization.organization).unwrap(),
        pin_given: false,
        created_at: now,
        last_used_at: now,
        expires_at: now.plus(Session::MAX_IDLE * 12),
        client: Client::default(),
    };
    let mut work = env.store.begin().await.unwrap();
    work.sessions().insert(&session).await.unwrap();
    work.commit().await.unwrap();
    let id = session.id;
    SignedIn { actor: another_token(server, organization, &session).await, user: user.to_owned(), session: id }
}

async fn another_token(server: &TestServer, organization: &OrganizationActor, session: &Session) -> Actor {
    let env = server.environment().await;
    let Session { id, user, organization: place, .. } = *session;
    let holder = TokenHolder { user, session: id, organization: place, ends_at: session.ends_at() };
    let token = issue_access_token(&env, &holder).unwrap().token;
    organization.with_token(token.expose())
}

/// Makes a user with this level and begins a session.
pub(crate) async fn sign_in(
    server: &TestServer,
    organization: &OrganizationActor,
    username: &str,
    level: v1::BackOfficeLevel,
) -> SignedIn {
    let user = organization.create_user_with(username, level).await;
    begin_session(server, organization, &user).await
}

/// A call that needs nothing but a token that works.
pub(crate) async fn probe(actor: &Actor) -> Result<bool, tonic::Status> {
    let request = v1::IntrospectTokenRequest { token: actor.token.clone() };
    ask!(actor.authentication().introspect_token(request)).map(|answer| answer.active)
}
