use varco_domain::{Member, OrganizationId, SeatPool, UserId};

use super::LicenseError;
use crate::Environment;
use crate::storage::{MemberFilter, MemberOrder, MemberQuery, Page};

/// Seat holders to list.
#[derive(Clone, Copy, Debug)]
pub struct ListSeatHolders {
    /// The organization.
    pub organization: OrganizationId,
    /// Which pool.
    pub pool: SeatPool,
    /// The last one seen.
    pub after: Option<UserId>,
    /// How many at most.
    pub limit: usize,
}

/// Lists the members that hold a seat of a pool, by user id.
pub async fn list_seat_holders(env: &Environment, command: &ListSeatHolders) -> Result<Page<Member>, LicenseError> {
    let organization = command.organization;
    let mut work = env.store.begin_read().await?;
    work.organizations().find(organization).await?.ok_or(LicenseError::OrganizationNotFound)?;
    let filter = MemberFilter { seat: Some(command.pool), ..MemberFilter::default() };
    let order = MemberOrder::Created { after: command.after };
    Ok(work.users().list(organization, &MemberQuery { filter, order, limit: command.limit }).await?)
}
