//! The seats that memberships take. Exact, because the organization is locked whenever they change.

use varco_domain::{Access, EventKind, Organization, OrganizationId, SeatPool, Seats};

use super::UserError;
use crate::storage::StorageError;
use crate::write::{Change, Write};

/// Takes the seats that new access needs and gives back those that it no longer needs.
pub(super) async fn change_seats(
    write: &mut Write<'_>,
    mut organization: Organization,
    from: Access,
    to: Access,
) -> Result<(), UserError> {
    let mut is_changed = false;
    for pool in SeatPool::ALL {
        let seats = organization.seats_mut(pool);
        let reached = match (from.takes(pool), to.takes(pool)) {
            (false, true) => seats.take()?,
            (true, false) => {
                seats.release();
                None
            }
            (true, true) | (false, false) => continue,
        };
        is_changed = true;
        if reached.is_some() {
            let seats = *seats;
            record_threshold(write, organization.id, &seats);
        }
    }
    if is_changed {
        write.work().organizations().update_seats(&organization).await?;
    }
    Ok(())
}

/// Gives back every seat of a membership that ends. Its organization must be locked.
pub(super) async fn release_seats(
    write: &mut Write<'_>,
    organization: OrganizationId,
    access: Access,
) -> Result<(), StorageError> {
    if !SeatPool::ALL.into_iter().any(|pool| access.takes(pool)) {
        return Ok(());
    }
    // Held already; taking it again gives the counts as they are by now.
    let Some(mut organization) = write.lock(organization).await? else { return Ok(()) };
    for pool in SeatPool::ALL.into_iter().filter(|pool| access.takes(*pool)) {
        organization.seats_mut(pool).release();
    }
    write.work().organizations().update_seats(&organization).await
}

fn record_threshold(write: &mut Write<'_>, organization: OrganizationId, seats: &Seats) {
    write.record(
        EventKind::LicenseThresholdReached,
        Some(organization),
        &[("organization", &organization)],
        Change::created(seats),
    );
}
