use std::time::Duration;

use crate::{CatalogKey, Label, OrganizationId, SeatPool, Seats, Timestamp, UnitId, Version};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Names it.
    pub id: OrganizationId,
    /// Unique in the system.
    pub name: Label,
    /// What it calls the application; may be absent.
    pub app_display_name: Option<Label>,
    /// The organization above.
    pub parent: Option<OrganizationId>,
    /// The top of its unit tree.
    pub root_unit: UnitId,
    /// What it demands of its users.
    pub policies: Policies,
    /// App seats.
    pub app_seats: Seats,
    /// Back-office seats.
    pub back_office_seats: Seats,
    /// The catalogs it subscribes to, sorted.
    pub catalogs: Vec<CatalogKey>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Of name, display name and policies.
    pub version: Version,
}

impl Organization {
    /// One of the pools.
    pub fn seats(&self, pool: SeatPool) -> &Seats {
        match pool {
            SeatPool::App => &self.app_seats,
            SeatPool::BackOffice => &self.back_office_seats,
        }
    }

    /// One of the pools, to change it.
    pub fn seats_mut(&mut self, pool: SeatPool) -> &mut Seats {
        match pool {
            SeatPool::App => &mut self.app_seats,
            SeatPool::BackOffice => &mut self.back_office_seats,
        }
    }
}

/// What an organization demands of its users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policies {
    /// How long an activation link lives.
    pub activation_link_ttl: Duration,
    /// Whether sign-in asks for the PIN.
    pub pin_required: bool,
    /// How old a password may be; `None` for any age.
    pub max_password_age: Option<Duration>,
    /// How long a session may last.
    pub max_session_age: Duration,
}

/// Which policy is out of its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The links' life.
    #[error("must be 1 hour to 7 days")]
    ActivationLinkTtl,
    /// The passwords' age.
    #[error("must be 1 day to 10 years")]
    MaxPasswordAge,
    /// The sessions' age.
    #[error("must be 5 minutes to 30 days")]
    MaxSessionAge,
}

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

impl Default for Policies {
    fn default() -> Self {
        Self { activation_link_ttl: 7 * DAY, pin_required: false, max_password_age: None, max_session_age: DAY }
    }
}

impl Policies {
    /// Names every policy that is out of its limits.
    pub fn problems(&self) -> Vec<PolicyError> {
        let checks = [
            (PolicyError::ActivationLinkTtl, (HOUR..=7 * DAY).contains(&self.activation_link_ttl)),
            (PolicyError::MaxPasswordAge, self.max_password_age.is_none_or(|age| (DAY..=3653 * DAY).contains(&age))),
            (PolicyError::MaxSessionAge, (Duration::from_mins(5)..=30 * DAY).contains(&self.max_session_age)),
        ];
        checks.into_iter().filter(|(_, is_within)| !is_within).map(|(problem, _)| problem).collect()
    }
}
