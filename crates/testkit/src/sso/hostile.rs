//! A provider that does as OpenID Connect says but for one thing.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use url::{Url, form_urlencoded};
use varco_application::{Clock, Tasks};

use super::browser::Returned;
use super::id_token::{Facts, id_token, key_set};
use super::{SSO_CLIENT_ID, SSO_CLIENT_SECRET, SSO_REDIRECT_URI};
use crate::FrozenClock;

macro_rules! mischiefs {
    ($($variant:ident $doc:literal)*) => {
        /// What a hostile provider does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Mischief {$(
            #[doc = $doc]
            $variant,
        )*}

        impl Mischief {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
        }
    };
}

mischiefs! {
    None "Nothing: it behaves."
    WrongNonce "The token is for another request."
    NoNonce "The token is for no request."
    WrongIssuer "The token is of another issuer."
    SlashedIssuer "The token is of an issuer that only looks the same."
    WrongAudience "The token is for somebody else."
    ManyAudiences "The token is for somebody else too."
    WrongParty "The token was asked for by somebody else."
    Expired "The token has expired."
    Old "The token was issued long ago."
    Early "The token was not issued yet."
    EmptySubject "The token is about nobody."
    LongSubject "The token is about somebody whose name is too long."
    SubjectOfAnotherType "The token is about a list."
    Unsigned "The token says that it needs no signature."
    NoSignature "The token has no signature."
    SharedSecret "The token is signed with the secret that we share."
    ForeignKey "The token is signed with another key of the same name."
    UnknownKey "The token is signed with a key that is not published."
    AccessToken "The token is of another kind."
    NoToken "There is no token."
    Garbage "The answer is no JSON."
    Huge "The answer does not end."
    Redirect "The answer is a redirect to where the right one is."
    BadGateway "The answer is that of a broken proxy."
}

/// A provider in the test's own process. It stops with the test.
pub struct HostileProvider {
    /// Its issuer.
    pub issuer: String,
    shared: Arc<Shared>,
    _tasks: StopOnDrop,
}

struct StopOnDrop(Tasks);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

struct Shared {
    issuer: String,
    clock: Arc<FrozenClock>,
    mischief: Mutex<Mischief>,
    description: Mutex<Value>,
    codes: Mutex<HashMap<String, Asked>>,
    exchanges: Mutex<usize>,
    held: Mutex<Option<Held>>,
}

/// The other end of a [`Pending`].
struct Held {
    reached: oneshot::Sender<()>,
    go_on: oneshot::Receiver<()>,
}

/// A question that the provider keeps waiting.
pub struct Pending {
    reached: oneshot::Receiver<()>,
    go_on: oneshot::Sender<()>,
}

impl Pending {
    /// Lets this happen after the provider was asked and before it answers.
    pub async fn meanwhile(self, work: impl Future<Output = ()>) {
        self.reached.await.expect("the provider is asked");
        work.await;
        self.go_on.send(()).expect("the provider still runs");
    }
}

/// What a code was asked for with.
struct Asked {
    subject: String,
    nonce: String,
    challenge: String,
}

impl Shared {
    async fn wait_if_held(&self) {
        let waiting = lock(&self.held).take();
        if let Some(Held { reached, go_on }) = waiting {
            // Whoever gave up waiting has failed already.
            let _ = reached.send(());
            let _ = go_on.await;
        }
    }
}

impl HostileProvider {
    /// Starts it on a free port, with the time of a server. It behaves until told otherwise.
    pub async fn start(clock: &Arc<FrozenClock>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let issuer = format!("http://{}", listener.local_addr().expect("the port has an address"));
        let shared = Arc::new(Shared {
            description: Mutex::new(description(&issuer)),
            issuer: issuer.clone(),
            clock: Arc::clone(clock),
            mischief: Mutex::new(Mischief::None),
            codes: Mutex::default(),
            exchanges: Mutex::default(),
            held: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(exchange))
            .route("/token-elsewhere", post(exchange))
            .with_state(Arc::clone(&shared));
        let tasks = Tasks::default();
        let until = tasks.clone();
        tasks.spawn(async move {
            let served = axum::serve(listener, router);
            let _ = served.with_graceful_shutdown(async move { until.stopping().await }).await;
        });
        Self { issuer, shared, _tasks: StopOnDrop(tasks) }
    }

    /// From now on it does this.
    pub fn turn(&self, mischief: Mischief) {
        *lock(&self.shared.mischief) = mischief;
    }

    /// From now on it says something else of itself.
    pub fn describe_as(&self, field: &str, value: Value) {
        lock(&self.shared.description)[field] = value;
    }

    /// How often somebody exchanged a code, or tried.
    pub fn exchanges(&self) -> usize {
        *lock(&self.shared.exchanges)
    }

    /// Keeps the next question waiting: what it is, or who a code is for.
    pub fn hold(&self) -> Pending {
        let (reached, was_reached) = oneshot::channel();
        let (go_on, may_go_on) = oneshot::channel();
        *lock(&self.shared.held) = Some(Held { reached, go_on: may_go_on });
        Pending { reached: was_reached, go_on }
    }

    /// Sends a browser back from the address that `BeginSso` gave, with somebody who signed in.
    pub fn sign_in(&self, authorization_url: &str, subject: &str) -> Returned {
        let url = Url::parse(authorization_url).expect("an address");
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(asked["client_id"], SSO_CLIENT_ID);
        assert_eq!((asked["redirect_uri"].as_str(), asked["scope"].as_str()), (SSO_REDIRECT_URI, "openid"));
        assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
        let mut codes = lock(&self.shared.codes);
        let code = format!("code-{}", codes.len() + 1);
        let (nonce, challenge) = (asked["nonce"].clone(), asked["code_challenge"].clone());
        codes.insert(code.clone(), Asked { subject: subject.to_owned(), nonce, challenge });
        Returned { state: asked["state"].clone(), code, issuer: self.issuer.clone() }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn description(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    })
}

async fn describe(State(shared): State<Arc<Shared>>) -> Response {
    shared.wait_if_held().await;
    let description = lock(&shared.description).clone();
    answer(StatusCode::OK, &description)
}

async fn keys() -> Response {
    answer(StatusCode::OK, &key_set())
}

/// A code works once, for whom it was given, and with what it was asked for.
async fn exchange(State(shared): State<Arc<Shared>>, uri: axum::http::Uri, head: HeaderMap, form: String) -> Response {
    *lock(&shared.exchanges) += 1;
    let mischief = *lock(&shared.mischief);
    shared.wait_if_held().await;
    let form: HashMap<String, String> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    let value = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let basic = format!("Basic {}", STANDARD.encode(format!("{SSO_CLIENT_ID}:{SSO_CLIENT_SECRET}")));
    if head.get(header::AUTHORIZATION).is_none_or(|given| given.as_bytes() != basic.as_bytes()) {
        return answer(StatusCode::UNAUTHORIZED, &json!({ "error": "invalid_client" }));
    }
    if mischief == Mischief::Redirect && uri.path() == "/token" {
        let elsewhere = [(header::LOCATION, format!("{}/token-elsewhere", shared.issuer))];
        return response(StatusCode::TEMPORARY_REDIRECT, &elsewhere, String::new());
    }
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(value("code_verifier")));
    let asked = lock(&shared.codes).remove(value("code")).filter(|asked| asked.challenge == challenge);
    let Some(asked) = asked.filter(|_| value("redirect_uri") == SSO_REDIRECT_URI) else {
        return answer(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_grant" }));
    };
    let facts = Facts { issuer: &shared.issuer, subject: &asked.subject, nonce: &asked.nonce, now: shared.clock.now() };
    match mischief {
        Mischief::NoToken => answer(StatusCode::OK, &json!({ "access_token": "a", "token_type": "Bearer" })),
        Mischief::Garbage => response(StatusCode::OK, &[], "<html>".to_owned()),
        Mischief::BadGateway => response(StatusCode::BAD_GATEWAY, &[], "<html>".to_owned()),
        Mischief::Huge => huge(),
        mischief => {
            let token = id_token(&facts, mischief);
            answer(StatusCode::OK, &json!({ "access_token": "a", "token_type": "Bearer", "id_token": token }))
        }
    }
}

fn answer(status: StatusCode, value: &Value) -> Response {
    response(status, &[], value.to_string())
}

fn response(status: StatusCode, head: &[(header::HeaderName, String)], body: String) -> Response {
    let mut response = Response::builder().status(status).header(header::CONTENT_TYPE, "application/json");
    for (name, value) in head {
        response = response.header(name, value);
    }
    response.body(Body::from(body)).expect("a response of ours is one")
}

/// Begins like the right answer and goes on for ever.
fn huge() -> Response {
    let mut piece = String::from("{\"access_token\":\"");
    for number in 0..10_000 {
        // Writing to a String cannot fail.
        let _ = write!(piece, "{number}");
    }
    let pieces = futures::stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone()));
    let response = Response::builder().header(header::CONTENT_TYPE, "application/json");
    response.body(Body::from_stream(pieces)).expect("a response of ours is one")
}
