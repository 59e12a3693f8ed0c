use std::collections::BTreeSet;

use varco_decision::{Cell, Origin};
use varco_domain::{OrganizationId, Provision, RoleId, SubjectEntries, SubjectId, UnitId, UnitTree};

use super::AssignmentError;
use crate::storage::{StorageError, UnitOfWork};

/// One subject at one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The organization.
    pub organization: OrganizationId,
    /// Who.
    pub subject: SubjectId,
    /// Where.
    pub unit: UnitId,
}

/// Says which of these subjects belong to the organization.
pub(super) async fn existing_subjects(
    work: &mut dyn UnitOfWork,
    organization: OrganizationId,
    subjects: &[SubjectId],
) -> Result<BTreeSet<SubjectId>, StorageError> {
    let (mut users, mut accounts) = (Vec::new(), Vec::new());
    for subject in subjects {
        match subject {
            SubjectId::User(user) => users.push(*user),
            SubjectId::ServiceAccount(account) => accounts.push(*account),
        }
    }
    let users = work.users().members_among(organization, &users).await?;
    let accounts = work.service_accounts().existing_among(organization, &accounts).await?;
    let users = users.into_iter().map(SubjectId::User);
    Ok(users.chain(accounts.into_iter().map(SubjectId::ServiceAccount)).collect())
}

/// Fails unless every one of these roles exists in the organization.
pub(super) async fn require_roles(
    work: &mut dyn UnitOfWork,
    organization: OrganizationId,
    roles: &BTreeSet<RoleId>,
) -> Result<(), AssignmentError> {
    let asked: Vec<RoleId> = roles.iter().copied().collect();
    let existing = work.roles().existing_among(organization, &asked).await?;
    if existing.len() < asked.len() { Err(AssignmentError::RoleNotFound) } else { Ok(()) }
}

/// What a subject holds at a unit.
pub(super) fn cell(entries: &SubjectEntries, tree: &impl UnitTree<UnitId>, place: &Place) -> Cell {
    let (roles, origin) = match entries.provision(tree, place.unit) {
        Provision::Direct(entry) => (entry.roles.iter().copied().collect(), Origin::Direct),
        Provision::Inherited { source, entry } => (entry.roles.iter().copied().collect(), Origin::Inherited { source }),
        Provision::Nothing => (Vec::new(), Origin::Nothing),
    };
    let here = entries.get(place.unit);
    Cell {
        subject: place.subject,
        unit: place.unit,
        roles,
        origin,
        propagates: here.is_some_and(|entry| entry.propagates),
        barrier: here.is_some_and(|entry| entry.barrier),
    }
}
