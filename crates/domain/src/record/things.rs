//! How each thing is shown in an event. What the decision index reads is named in `decision::Fact`.

use super::{Record, Value};
use crate::{
    Catalog, Entry, Label, Mail, MailCategory, MailFault, Membership, Organization, PermissionKey, RedirectUri, Role,
    RoleOrigin, SeatPool, Seats, ServiceAccount, ServiceSecret, SsoProvider, Unit, User,
};

impl From<&Organization> for Record {
    fn from(organization: &Organization) -> Self {
        let policies = &organization.policies;
        Self::default()
            .with("name", organization.name.as_str())
            .with_some("app_display_name", organization.app_display_name.as_ref().map(Label::as_str))
            .with_some("parent_organization_id", organization.parent.map(|parent| parent.to_string()))
            .with("root_unit_id", organization.root_unit.to_string())
            .with("activation_link_ttl_seconds", policies.activation_link_ttl)
            .with("pin_required", policies.pin_required)
            .with_some("max_password_age_seconds", policies.max_password_age)
            .with("max_session_age_seconds", policies.max_session_age)
    }
}

impl From<&Seats> for Record {
    fn from(seats: &Seats) -> Self {
        Self::default().with("pool", seats.pool.as_str()).with_some("limit", seats.limit).with("used", seats.used)
    }
}

impl From<[&Seats; SeatPool::ALL.len()]> for Record {
    fn from(pools: [&Seats; SeatPool::ALL.len()]) -> Self {
        pools
            .into_iter()
            .fold(Self::default(), |record, seats| record.with(seats.pool.as_str(), Value::Record(Self::from(seats))))
    }
}

impl From<&User> for Record {
    /// Without name and address: the log outlives the person's data.
    fn from(user: &User) -> Self {
        Self::default()
            .with("status", user.status.as_str())
            .with("home_organization_id", user.home.to_string())
            .with("language", user.profile.language.as_str())
    }
}

impl From<&Mail> for Record {
    /// Without address and content: the log outlives the person's data.
    fn from(mail: &Mail) -> Self {
        Self::default()
            .with("kind", mail.kind.as_str())
            .with("status", mail.status.as_str())
            .with("attempts", mail.attempts)
            .with_some("last_fault", mail.last_fault.map(MailFault::as_str))
    }
}

impl From<&Membership> for Record {
    fn from(membership: &Membership) -> Self {
        let mail = MailCategory::ALL.into_iter().filter(|category| membership.mail.includes(*category));
        Self::default()
            .with("kind", membership.kind.as_str())
            .with("app_access", membership.access.app)
            .with("back_office_level", membership.access.back_office.as_str())
            .with("mail_categories", mail.map(MailCategory::as_str).collect::<Value>())
            .with_some("expire_time_micros", membership.expires_at.map(|end| Value::Integer(end.as_micros())))
    }
}

impl From<&Unit> for Record {
    fn from(unit: &Unit) -> Self {
        Self::default()
            .with("name", unit.name.as_str())
            .with("kind", unit.kind.as_str())
            .with_some("parent_unit_id", unit.parent.map(|parent| parent.to_string()))
    }
}

impl From<&Role> for Record {
    fn from(role: &Role) -> Self {
        let predefined = match &role.origin {
            RoleOrigin::Predefined { catalog, key } => Some(format!("{catalog}:{key}")),
            RoleOrigin::Custom => None,
        };
        Self::default()
            .with("name", role.name.as_str())
            .with("description", role.description.as_str())
            .with("permissions", role.permissions.iter().map(PermissionKey::as_str).collect::<Value>())
            .with_some("predefined_key", predefined)
    }
}

impl From<&Entry> for Record {
    fn from(entry: &Entry) -> Self {
        Self::default()
            .with("role_ids", entry.roles.iter().map(ToString::to_string).collect::<Value>())
            .with("propagates", entry.propagates)
            .with("barrier", entry.barrier)
    }
}

impl From<&Catalog> for Record {
    fn from(catalog: &Catalog) -> Self {
        let permissions = catalog.permissions.iter().map(|permission| permission.key.as_str());
        let roles = catalog.predefined_roles.iter().map(|role| role.key.as_str());
        Self::default()
            .with("display_name", catalog.display_name.as_str())
            .with("version", catalog.version)
            .with("permissions", permissions.collect::<Value>())
            .with("predefined_roles", roles.collect::<Value>())
    }
}

impl From<&ServiceAccount> for Record {
    fn from(account: &ServiceAccount) -> Self {
        Self::default()
            .with("username", account.username.as_str())
            .with_some("organization_id", account.organization.map(|organization| organization.to_string()))
    }
}

impl From<&SsoProvider> for Record {
    /// Without its secret.
    fn from(provider: &SsoProvider) -> Self {
        Self::default()
            .with("issuer", provider.issuer.as_str())
            .with("client_id", provider.client_id.as_str())
            .with("redirect_uris", provider.redirect_uris.iter().map(RedirectUri::as_str).collect::<Value>())
    }
}

impl From<&ServiceSecret> for Record {
    fn from(secret: &ServiceSecret) -> Self {
        Self::default().with("expire_time_micros", Value::Integer(secret.expires_at.as_micros()))
    }
}
