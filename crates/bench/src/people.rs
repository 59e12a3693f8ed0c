//! The whole service over a new store, with an organization of people who can sign in.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;
use tokio::net::TcpListener;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use varco_application::organizations::{CreateOrganization, create_organization};
use varco_application::storage::StoredPassword;
use varco_application::users::{Activation, ChangeStatus, CreateUser, create_user, suspend_user};
use varco_application::{Caller, Environment, Mode, Outcome, PlainSecret};
use varco_domain::{
    Access, BackOfficeLevel, Email, Label, Language, OrganizationId, Policies, Profile, UserId, Username,
};
use varco_persistence::SeaStore;
use varco_proto::v1::authentication_service_client::AuthenticationServiceClient;
use varco_proto::v1::{SignInClient, SignInRequest, SignInResponse};
use varco_server::running::{GrpcOptions, Ports, Running};
use varco_server::wiring::assemble;

use crate::served::{operator_token, parts};

/// Of everybody.
pub(crate) const PASSWORD: &str = "correct horse battery staple";
const CONNECTIONS: usize = 8;

/// A server in this process, and who may sign in.
pub(crate) struct People {
    pub(crate) organization: OrganizationId,
    pub(crate) users: Vec<UserId>,
    pub(crate) root_unit: String,
    pub(crate) token: String,
    pub(crate) address: String,
    running: Running,
    _files: TempDir,
}

impl People {
    /// Starts a server with so many users.
    pub(crate) async fn start(count: usize) -> anyhow::Result<Self> {
        let files = TempDir::new()?;
        let store = Arc::new(SeaStore::open_sqlite(&files.path().join("bench.db")).await?);
        let running = serve(store).await?;
        let address = format!("http://{}", running.grpc_address);
        let env = Arc::clone(&running.service.env);
        let token = operator_token(&env).await?;
        let caller = Caller::system("bench");
        let (organization, root_unit) = organization(&env, &caller).await?;
        let mut users = Vec::new();
        for place in 0..count {
            users.push(user(&env, &caller, organization, &name(place)).await?);
        }
        set_passwords(&env, &users).await?;
        Ok(Self { organization, users, root_unit, token, address, running, _files: files })
    }
}

impl People {
    /// What the server's use cases run on.
    pub(crate) fn env(&self) -> &Environment {
        &self.running.service.env
    }

    /// Suspends these.
    pub(crate) async fn suspend(&self, users: &[UserId]) -> anyhow::Result<()> {
        for user in users {
            let command = ChangeStatus { home: self.organization, user: *user, mode: Mode::Execute };
            suspend_user(self.env(), &Caller::system("bench"), &command).await?;
        }
        Ok(())
    }

    /// Leaves these without anything that they could prove themselves by here.
    pub(crate) async fn take_passwords(&self, users: &[UserId]) -> anyhow::Result<()> {
        let mut work = self.env().store.begin().await?;
        for user in users {
            work.credentials().delete_all(*user).await?;
        }
        Ok(work.commit().await?)
    }
}

async fn serve(store: Arc<SeaStore>) -> anyhow::Result<Running> {
    let grpc = TcpListener::bind("127.0.0.1:0").await?;
    Running::start(Ports { grpc, http: None }, GrpcOptions::default(), assemble(parts(store))).await
}

/// The username at this place; all are of one length.
pub(crate) fn name(place: usize) -> String {
    format!("person-{place:06}")
}

async fn organization(env: &Environment, caller: &Caller) -> anyhow::Result<(OrganizationId, String)> {
    let command = CreateOrganization {
        name: Label::parse("Bench")?,
        app_display_name: None,
        parent: None,
        policies: Policies::default(),
        root_unit_name: None,
    };
    match create_organization(env, caller, &command, None).await? {
        Outcome::Done(written) => Ok((written.value.id, written.value.root_unit.to_string())),
        Outcome::Repeated(_) => anyhow::bail!("a call without a request id cannot be a repeat"),
    }
}

async fn user(
    env: &Environment,
    caller: &Caller,
    organization: OrganizationId,
    username: &str,
) -> anyhow::Result<UserId> {
    let command = CreateUser {
        organization,
        username: Username::parse(username)?,
        email: Email::parse(&format!("{username}@bench.example"))?,
        profile: Profile::new(Label::parse("Some")?, Label::parse("Body")?, Language::parse("en")?),
        access: Access { app: true, back_office: BackOfficeLevel::None },
        expires_at: None,
        activation: Activation::AtOnce,
        mode: Mode::Execute,
    };
    match create_user(env, caller, &command, None).await? {
        Outcome::Done(written) => Ok(written.value.user.id),
        Outcome::Repeated(_) => anyhow::bail!("a call without a request id cannot be a repeat"),
    }
}

/// One hash for everybody: storage cannot tell, and a thousand would take half a minute.
async fn set_passwords(env: &Environment, users: &[UserId]) -> anyhow::Result<()> {
    let hash = env.password_hasher.hash(PlainSecret::new(PASSWORD.to_owned())).await?;
    let password = StoredPassword { hash, changed_at: env.clock.now(), must_change: false };
    let mut work = env.store.begin().await?;
    for user in users {
        work.credentials().set_password(*user, &password).await?;
    }
    Ok(work.commit().await?)
}

/// Signs in as a gateway does: for people who each have an address of their own.
#[derive(Clone)]
pub(crate) struct Gateway {
    clients: Vec<AuthenticationServiceClient<Channel>>,
    bearer: MetadataValue<Ascii>,
    next: Arc<AtomicU32>,
}

impl Gateway {
    pub(crate) async fn connect(people: &People) -> anyhow::Result<Self> {
        let mut clients = Vec::new();
        for _ in 0..CONNECTIONS {
            let endpoint = Endpoint::from_shared(people.address.clone())?.tcp_nodelay(true);
            clients.push(AuthenticationServiceClient::new(endpoint.connect().await?));
        }
        let bearer = format!("Bearer {}", people.token).parse()?;
        Ok(Self { clients, bearer, next: Arc::default() })
    }

    /// Calls `SignIn` from an address that nobody called from before.
    pub(crate) async fn sign_in(&self, username: String, password: &str) -> Result<SignInResponse, Status> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let address = Ipv4Addr::from_bits(u32::from(Ipv4Addr::new(10, 0, 0, 0)) + number).to_string();
        let client = SignInClient { address, user_agent: "Mozilla/5.0 (X11; Linux) Firefox/128.0".to_owned() };
        let password = password.to_owned();
        let mut request =
            Request::new(SignInRequest { username, password, organization_id: String::new(), client: Some(client) });
        request.metadata_mut().insert("authorization", self.bearer.clone());
        let mut service = self.clients[number as usize % CONNECTIONS].clone();
        Ok(service.sign_in(request).await?.into_inner())
    }
}
