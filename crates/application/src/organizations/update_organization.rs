use std::time::Duration;

use varco_domain::{EventKind, Label, Organization, OrganizationId, Version};

use super::OrganizationError;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// What to change of an organization.
#[derive(Clone, Debug)]
pub struct UpdateOrganization {
    /// The organization.
    pub organization: OrganizationId,
    /// As it was read.
    pub version: Version,
    /// The changes, in order.
    pub changes: Vec<OrganizationChange>,
}

/// One thing to change of an organization. Every value is within its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrganizationChange {
    /// Its name.
    Name(Label),
    /// What it calls the application.
    AppDisplayName(Option<Label>),
    /// How long an activation link lives.
    ActivationLinkTtl(Duration),
    /// Whether sign-in asks for the PIN.
    PinRequired(bool),
    /// How old a password may be.
    MaxPasswordAge(Option<Duration>),
    /// How long a session may last.
    MaxSessionAge(Duration),
}

impl OrganizationChange {
    fn apply(self, organization: &mut Organization) {
        let policies = &mut organization.policies;
        match self {
            Self::Name(name) => organization.name = name,
            Self::AppDisplayName(name) => organization.app_display_name = name,
            Self::ActivationLinkTtl(length) => policies.activation_link_ttl = length,
            Self::PinRequired(is_required) => policies.pin_required = is_required,
            Self::MaxPasswordAge(length) => policies.max_password_age = length,
            Self::MaxSessionAge(length) => policies.max_session_age = length,
        }
    }
}

/// Changes an organization's name, display name or policies.
pub async fn update_organization(
    env: &Environment,
    caller: &Caller,
    command: &UpdateOrganization,
) -> Result<Written<Organization>, OrganizationError> {
    let id = command.organization;
    let mut write = Write::begin(env, caller).await?;
    let before = write.lock(id).await?.ok_or(OrganizationError::OrganizationNotFound)?;
    if before.version != command.version {
        return Err(OrganizationError::Stale);
    }

    let mut organization = before.clone();
    for change in command.changes.iter().cloned() {
        change.apply(&mut organization);
    }
    if organization != before {
        write.work().organizations().update(&mut organization).await?;
        let change = Change::updated(&before, &organization);
        write.record(EventKind::OrganizationUpdated, Some(id), &[("organization", &id)], change);
    }
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value: organization, revision })
}
