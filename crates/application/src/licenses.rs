//! Seats: limits, use, and who holds them. They are taken and given back with memberships.

mod find_licenses;
mod list_seat_holders;
mod set_license_limits;

pub use find_licenses::find_licenses;
pub use list_seat_holders::{ListSeatHolders, list_seat_holders};
pub use set_license_limits::{SeatLimit, SetLicenseLimits, set_license_limits};

use varco_domain::{Organization, SeatPool, Seats};

use crate::storage::StorageError;

/// Every pool of one organization.
pub type Pools = [Seats; SeatPool::ALL.len()];

/// Why something about seats did not happen.
#[derive(Debug, thiserror::Error)]
pub enum LicenseError {
    /// No such organization.
    #[error("no such organization")]
    OrganizationNotFound,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

fn pools(organization: &Organization) -> Pools {
    SeatPool::ALL.map(|pool| *organization.seats(pool))
}
