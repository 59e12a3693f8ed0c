//! The members of an organization that goes. They are read page by page, whatever their number.

use std::collections::BTreeSet;

use varco_domain::{EventKind, Member, MembershipKind, OrganizationId, UserId};

use crate::storage::{MemberFilter, MemberOrder, MemberQuery, StorageError};
use crate::users::remove_account;
use crate::write::{Change, Write};

/// How many rows are read at once.
const PAGE: usize = 500;

/// Where the accounts that live in an organization are members; always there itself.
pub(super) async fn organizations_of_accounts(
    write: &mut Write<'_>,
    home: OrganizationId,
) -> Result<BTreeSet<OrganizationId>, StorageError> {
    let mut reach = BTreeSet::from([home]);
    let mut after = None;
    loop {
        let members = members_after(write, home, MembershipKind::Internal, after).await?;
        for member in &members {
            reach.extend(organizations_of(write, member.user.id).await?);
        }
        match members.last() {
            Some(last) => after = Some(last.user.id),
            None => return Ok(reach),
        }
    }
}

/// Removes every account that lives in an organization, wherever it is a member.
pub(super) async fn remove_accounts(
    write: &mut Write<'_>,
    home: OrganizationId,
    locked: &BTreeSet<OrganizationId>,
) -> Result<(), StorageError> {
    let mut after = None;
    loop {
        let members = members_after(write, home, MembershipKind::Internal, after).await?;
        for member in &members {
            // Somebody joined another organization before the locks were taken. To lock that one
            // now would break the order: all starts again.
            if !locked.is_superset(&organizations_of(write, member.user.id).await?) {
                return Err(StorageError::Contention);
            }
            remove_account(write, member).await?;
        }
        match members.last() {
            Some(last) => after = Some(last.user.id),
            None => return Ok(()),
        }
    }
}

/// Notes that every member from elsewhere leaves. The rows go with the organization.
pub(super) async fn record_departures(write: &mut Write<'_>, organization: OrganizationId) -> Result<(), StorageError> {
    let mut after = None;
    loop {
        let members = members_after(write, organization, MembershipKind::External, after).await?;
        for Member { user, membership } in &members {
            let subjects: [(&str, &dyn ToString); 2] = [("organization", &organization), ("user", &user.id)];
            write.record(EventKind::MembershipRemoved, Some(organization), &subjects, Change::deleted(membership));
        }
        match members.last() {
            Some(last) => after = Some(last.user.id),
            None => return Ok(()),
        }
    }
}

async fn members_after(
    write: &mut Write<'_>,
    organization: OrganizationId,
    kind: MembershipKind,
    after: Option<UserId>,
) -> Result<Vec<Member>, StorageError> {
    let filter = MemberFilter { kind: Some(kind), ..MemberFilter::default() };
    let query = MemberQuery { filter, order: MemberOrder::Created { after }, limit: PAGE };
    Ok(write.work().users().list(organization, &query).await?.items)
}

async fn organizations_of(write: &mut Write<'_>, user: UserId) -> Result<BTreeSet<OrganizationId>, StorageError> {
    let mut organizations = BTreeSet::new();
    loop {
        let after = organizations.last().copied();
        let page = write.work().users().list_memberships(user, after, PAGE).await?;
        organizations.extend(page.items.iter().map(|membership| membership.organization));
        if !page.has_more {
            return Ok(organizations);
        }
    }
}
