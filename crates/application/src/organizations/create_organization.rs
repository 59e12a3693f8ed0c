use varco_domain::{
    EventKind, Label, Organization, OrganizationId, Policies, SeatPool, Seats, Unit, UnitKind, Version,
};

use super::OrganizationError;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Once, Outcome};

/// An organization to create.
#[derive(Clone, Debug)]
pub struct CreateOrganization {
    /// Its name.
    pub name: Label,
    /// What it calls the application, if it says.
    pub app_display_name: Option<Label>,
    /// The organization above, if any.
    pub parent: Option<OrganizationId>,
    /// What it demands of its users.
    pub policies: Policies,
    /// The name of its root unit; `None` for its own.
    pub root_unit_name: Option<Label>,
}

/// Creates an organization with its root unit and two seat pools without limit.
pub async fn create_organization(
    env: &Environment,
    caller: &Caller,
    command: &CreateOrganization,
    once: Option<&Once<'_, Organization>>,
) -> Result<Outcome<Organization>, OrganizationError> {
    match create(env, caller, command, once).await {
        // No row keeps two calls with one request id apart: the name may have been taken by the
        // first of them just now, and its answer is the answer to this one.
        Err(OrganizationError::NameTaken) if once.is_some() => {
            let mut write = Write::begin(env, caller).await?;
            let answer = write.repeated(once).await??;
            answer.map(Outcome::Repeated).ok_or(OrganizationError::NameTaken)
        }
        result => result,
    }
}

async fn create(
    env: &Environment,
    caller: &Caller,
    command: &CreateOrganization,
    once: Option<&Once<'_, Organization>>,
) -> Result<Outcome<Organization>, OrganizationError> {
    let mut write = Write::begin(env, caller).await?;
    if let Some(answer) = write.repeated(once).await?? {
        return Ok(Outcome::Repeated(answer));
    }
    if let Some(parent) = command.parent {
        // Locked, so that it is not deleted before its child is there.
        write.lock(parent).await?.ok_or(OrganizationError::ParentNotFound)?;
    }

    let (organization, root) = build(env, command, &write);
    let id = organization.id;
    write.work().organizations().insert(&organization).await?;
    write.work().units().insert(&root).await?;
    let created = Change::created(&organization);
    write.record(EventKind::OrganizationCreated, Some(id), &[("organization", &id)], created);
    write.record(EventKind::UnitCreated, Some(id), &[("unit", &root.id)], Change::created(&root));
    Ok(write.finish_once(Mode::Execute, organization, once).await?)
}

fn build(env: &Environment, command: &CreateOrganization, write: &Write<'_>) -> (Organization, Unit) {
    let (id, root_unit) = (env.new_id(), env.new_id());
    let organization = Organization {
        id,
        name: command.name.clone(),
        app_display_name: command.app_display_name.clone(),
        parent: command.parent,
        root_unit,
        policies: command.policies,
        app_seats: Seats::unlimited(SeatPool::App),
        back_office_seats: Seats::unlimited(SeatPool::BackOffice),
        catalogs: Vec::new(),
        created_at: write.now(),
        version: Version::FIRST,
    };
    let root = Unit {
        id: root_unit,
        organization: id,
        parent: None,
        name: command.root_unit_name.clone().unwrap_or_else(|| command.name.clone()),
        kind: UnitKind::Unit,
        depth: 1,
        created_at: write.now(),
        version: Version::FIRST,
    };
    (organization, root)
}
