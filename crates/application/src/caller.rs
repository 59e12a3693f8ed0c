use varco_domain::{Actor, OrganizationId, SecretId, ServiceAccountId};

/// Who calls, as proved by its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The service account.
    pub account: ServiceAccountId,
    /// The secret that the token was issued for.
    pub secret: SecretId,
    /// What it manages.
    pub scope: Scope,
}

/// What a service account manages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The platform: organizations, seat limits, catalogs. It looks into organizations but
    /// changes nothing in them.
    Platform,
    /// One organization with all in it.
    Organization(OrganizationId),
}

/// Who calls, from where, in which request: what the log says of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Who; `None` for the service itself.
    pub principal: Option<Principal>,
    /// The network address.
    pub address: Option<String>,
    /// Names the call in logs and events.
    pub request_id: String,
}

impl Caller {
    /// The service itself, for what it does on its own at start.
    pub fn system(request_id: &str) -> Self {
        Self { principal: None, address: None, request_id: request_id.to_owned() }
    }

    /// As events name it.
    pub fn actor(&self) -> Actor {
        let organization = self.organization();
        self.principal.map_or(Actor::System, |principal| Actor::ServiceAccount { id: principal.account, organization })
    }

    /// Whether it manages the platform.
    pub fn is_operator(&self) -> bool {
        self.principal.is_some_and(|principal| principal.scope == Scope::Platform)
    }

    /// The organization that it manages; `None` for the platform and for the service itself.
    pub fn organization(&self) -> Option<OrganizationId> {
        match self.principal?.scope {
            Scope::Organization(organization) => Some(organization),
            Scope::Platform => None,
        }
    }
}
