use varco_domain::{Actor, OrganizationId, SecretId, ServiceAccountId, SessionId, SubjectId, UserId};

/// Who calls, as proved by its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Who it is.
    pub identity: Identity,
    /// What it manages.
    pub scope: Scope,
}

impl Principal {
    /// Who it is, without how that was proved.
    pub const fn subject(&self) -> SubjectId {
        match self.identity {
            Identity::ServiceAccount { account, .. } => SubjectId::ServiceAccount(account),
            Identity::User { user, .. } => SubjectId::User(user),
        }
    }
}

/// Who calls, and by what that was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// A program.
    ServiceAccount {
        /// The account.
        account: ServiceAccountId,
        /// The secret that the token was issued for.
        secret: SecretId,
    },
    /// A person.
    User {
        /// The account.
        user: UserId,
        /// The session that the token was issued for.
        session: SessionId,
    },
}

/// What a caller manages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The platform: organizations, seat limits, catalogs. It looks into organizations but
    /// changes nothing in them.
    Platform,
    /// One organization with all in it: a service account of it, or a back-office admin.
    Organization(OrganizationId),
    /// Nothing but itself: a user who works in this organization without administering it.
    Member(OrganizationId),
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
        self.principal.map_or(Actor::System, |principal| Actor::Subject { id: principal.subject(), organization })
    }

    /// Whether it manages the platform.
    pub fn is_operator(&self) -> bool {
        self.principal.is_some_and(|principal| principal.scope == Scope::Platform)
    }

    /// The organization that it manages or works in; `None` for the platform and for the service itself.
    pub fn organization(&self) -> Option<OrganizationId> {
        match self.principal?.scope {
            Scope::Organization(organization) | Scope::Member(organization) => Some(organization),
            Scope::Platform => None,
        }
    }

    /// The user and the session that call; `None` for a program and for the service itself.
    pub fn user(&self) -> Option<(UserId, SessionId)> {
        match self.principal?.identity {
            Identity::User { user, session } => Some((user, session)),
            Identity::ServiceAccount { .. } => None,
        }
    }
}
