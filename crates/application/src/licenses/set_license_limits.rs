use varco_domain::{EventKind, Organization, OrganizationId, Record, SeatPool};

use super::{LicenseError, Pools, pools};
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// Limits to set.
#[derive(Clone, Debug)]
pub struct SetLicenseLimits {
    /// The organization.
    pub organization: OrganizationId,
    /// The pools to set; the others stay as they are.
    pub limits: Vec<SeatLimit>,
}

/// The limit of one pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatLimit {
    /// Which pool.
    pub pool: SeatPool,
    /// How many seats; `None` for no limit.
    pub limit: Option<u32>,
}

/// Sets the limits of seat pools. One under its use throws nobody out and grants nothing more.
pub async fn set_license_limits(
    env: &Environment,
    caller: &Caller,
    command: &SetLicenseLimits,
) -> Result<Written<Pools>, LicenseError> {
    let id = command.organization;
    let mut write = Write::begin(env, caller).await?;
    let before = write.lock(id).await?.ok_or(LicenseError::OrganizationNotFound)?;

    let mut organization = before.clone();
    for limit in &command.limits {
        organization.seats_mut(limit.pool).limit = limit.limit;
    }
    if organization != before {
        write.work().organizations().update_seats(&organization).await?;
        let change = Change::updated(record_of(&before), record_of(&organization));
        write.record(EventKind::LicenseLimitsChanged, Some(id), &[("organization", &id)], change);
        record_thresholds(&mut write, &before, &organization);
    }
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value: pools(&organization), revision })
}

fn record_of(organization: &Organization) -> Record {
    Record::from([&organization.app_seats, &organization.back_office_seats])
}

/// A lower limit can reach a threshold just as one more seat taken can.
fn record_thresholds(write: &mut Write<'_>, before: &Organization, after: &Organization) {
    for pool in SeatPool::ALL {
        let seats = after.seats(pool);
        if seats.threshold() > before.seats(pool).threshold() {
            let subjects: [(&str, &dyn ToString); 1] = [("organization", &after.id)];
            write.record(EventKind::LicenseThresholdReached, Some(after.id), &subjects, Change::created(seats));
        }
    }
}
