use std::ops::Deref;

use varco_application::Caller;
use varco_application::credentials::activate_directly;
use varco_domain::{OrganizationId, UserId};
use varco_proto::v1;

use super::Actor;
use crate::TestServer;
use crate::server::{Credential, ServerHandle};

/// The permissions of the catalog `test`, to which every organization of an actor subscribes.
const PERMISSIONS: [&str; 6] = [
    "test:things.view",
    "test:things.edit",
    "test:things.delete",
    "test:reports.view",
    "test:reports.export",
    "test:settings.edit",
];

/// A service account that manages one organization.
#[derive(Clone)]
pub struct OrganizationActor {
    actor: Actor,
    /// The organization.
    pub organization: String,
    /// Its root unit.
    pub root_unit: String,
    /// The server, if it runs in the test's own process.
    server: Option<ServerHandle>,
}

impl Deref for OrganizationActor {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.actor
    }
}

impl OrganizationActor {
    /// The same caller with the same token, calling another replica.
    #[must_use]
    pub fn through(&self, replica: &TestServer) -> Self {
        let actor = Actor { channel: replica.channel().clone(), ..self.actor.clone() };
        Self { actor, ..self.clone() }
    }

    /// Activates an account that lives here, as its person would by the mailed link. Does nothing where the
    /// server is a process of its own: there the link is the only way.
    pub async fn activate(&self, user: &str) {
        let Some(server) = &self.server else { return };
        let env = server.environment().await;
        let home = OrganizationId::parse(&self.organization).expect("an identifier of ours");
        let user = UserId::parse(user).expect("an identifier of ours");
        let activated = activate_directly(&env, &Caller::system("test"), home, user).await;
        activated.expect("the account is invited");
    }
}

impl TestServer {
    /// Creates an organization that can grant the permissions of the catalog `test`, and a service
    /// account that manages it.
    pub async fn organization(&self, name: &str) -> OrganizationActor {
        let created = self.operator().await.create_organization(name).await;
        OrganizationActor { server: Some(self.handle()), ..created }
    }
}

impl Actor {
    /// As `TestServer::organization`, for an operator.
    pub async fn create_organization(&self, name: &str) -> OrganizationActor {
        let request = v1::CreateOrganizationRequest { name: name.to_owned(), ..Default::default() };
        let created = self.organizations().create_organization(request).await.expect("an organization is created");
        let organization = created.into_inner().organization.expect("the answer has it");
        let id = organization.organization_id;
        self.subscribe_to_test_catalog(&id).await;
        let actor = self.create_program(&id, name).await;
        OrganizationActor { actor, organization: id, root_unit: organization.root_unit_id, server: None }
    }

    async fn subscribe_to_test_catalog(&self, organization: &str) {
        let permission = |key: &&str| v1::CatalogPermission { key: (*key).to_owned(), description: String::new() };
        let catalog = v1::Catalog {
            catalog_key: "test".to_owned(),
            display_name: "Test".to_owned(),
            version: 1,
            permissions: PERMISSIONS.iter().map(permission).collect(),
            ..Default::default()
        };
        let request = v1::ApplyCatalogRequest { catalog: Some(catalog), validate_only: false };
        self.catalogs().apply_catalog(request).await.expect("the catalog is applied");
        let (organization_id, catalog_key) = (organization.to_owned(), "test".to_owned());
        let request = v1::SubscribeRequest { organization_id, catalog_key, validate_only: false };
        self.catalogs().subscribe(request).await.expect("the organization subscribes");
    }

    async fn create_program(&self, organization: &str, name: &str) -> Actor {
        let kept = |character: char| if character.is_ascii_alphanumeric() { character } else { '-' };
        let name: String = name.to_lowercase().chars().map(kept).collect();
        let request = v1::CreateServiceAccountRequest {
            organization_id: organization.to_owned(),
            username: format!("program-of-{name}"),
            secret_ttl: None,
        };
        let created = self.service_accounts().create_service_account(request).await;
        let created = created.expect("a service account is created").into_inner();
        let account = created.service_account.expect("the answer has it");
        let credential = Credential { client_id: account.service_account_id, client_secret: created.client_secret };
        Actor::sign_in(self.channel(), &credential).await.expect("a new credential works")
    }
}
